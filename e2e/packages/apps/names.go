// Public names that the quickstart does not use. Prints the manifests of a cdk8s app, and how a name that is none is refused.
package main

import (
	"fmt"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/jsii-runtime-go"
	"github.com/cdk-irsa/cdk-irsa-go/cdkirsa"
	"github.com/cdk8s-team/cdk8s-core-go/cdk8s/v2"
)

func main() {
	defer jsii.Close()
	app := awscdk.NewApp(nil)
	stack := awscdk.NewStack(app, jsii.String("Names"), &awscdk.StackProps{
		Env: &awscdk.Environment{Account: jsii.String("123456789012"), Region: jsii.String("eu-west-1")},
	})

	issuer := cdkirsa.OidcIssuer_FromLookup(stack, &cdkirsa.OidcIssuerLookupOptions{ClusterName: jsii.String("production")})
	provider := cdkirsa.ClusterOidcProvider_FromIssuer(stack, jsii.String("Existing"), &cdkirsa.ExistingProviderAttributes{
		Issuer:    issuer,
		Audiences: jsii.Strings("sts.amazonaws.com", "vault"),
	})
	job := awsiam.NewRole(stack, jsii.String("Job"), &awsiam.RoleProps{
		AssumedBy: cdkirsa.NewServiceAccountPrincipal(&cdkirsa.ServiceAccountPrincipalProps{
			Providers: &[]cdkirsa.IClusterOidcProvider{provider},
			ServiceAccounts: &[]cdkirsa.ServiceAccountSubject{
				cdkirsa.ServiceAccountSubject_Of(jsii.String("batch"), jsii.String("job")),
				cdkirsa.ServiceAccountSubject_Matching(jsii.String("team-*"), jsii.String("runner")),
			},
			Audience: jsii.String("vault"),
		}),
		RoleName: jsii.String("job"),
	})

	cluster := cdk8s.NewApp(&cdk8s.AppProps{Resolvers: &[]cdk8s.IResolver{cdkirsa.NewCdkTokenResolver()}})
	chart := cdk8s.NewChart(cluster, jsii.String("batch"), &cdk8s.ChartProps{Namespace: jsii.String("batch")})
	cdkirsa.NewIrsaServiceAccount(chart, jsii.String("ServiceAccount"), &cdkirsa.IrsaServiceAccountProps{
		Role:            job,
		Subject:         cdkirsa.ServiceAccountSubject_Of(jsii.String("batch"), jsii.String("job")),
		Audience:        jsii.String("vault"),
		TokenExpiration: awscdk.Duration_Hours(jsii.Number(2)),
		RegionalSts:     jsii.Bool(true),
	})

	batch := cdk8s.NewApiObject(chart, jsii.String("Batch"), &cdk8s.ApiObjectProps{ApiVersion: jsii.String("batch/v1"), Kind: jsii.String("Job")})
	cdkirsa.WebIdentityInjection_Into(batch, &cdkirsa.WebIdentityInjectionOptions{
		ContainerRoles:     &map[string]awsiam.IRole{"main": job},
		Region:             stack.Region(),
		SessionNameFromPod: jsii.Bool(true),
	})
	batch.AddJsonPatch(cdk8s.JsonPatch_Add(jsii.String("/spec"), map[string]interface{}{
		"template": map[string]interface{}{"spec": map[string]interface{}{
			"serviceAccountName": "job",
			"containers":         []interface{}{map[string]interface{}{"name": "main", "image": "job:1"}},
		}},
	}))
	cdkirsa.NewMetadataProtection(chart, jsii.String("NoNodeRole"), nil)

	app.Synth(nil)
	fmt.Println(*cluster.SynthYaml())
	defer func() { fmt.Println("refused:", recover()) }()
	cdkirsa.ServiceAccountSubject_Of(jsii.String("default"), jsii.String("S3_Reader"))
}

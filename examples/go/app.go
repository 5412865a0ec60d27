package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
	"github.com/cdk-irsa/cdk-irsa-go/cdkirsa"
	"github.com/cdk8s-team/cdk8s-core-go/cdk8s/v2"
	"github.com/cdk8s-team/cdk8s-plus-go/cdk8splus28/v2"
)

// newQuickstart is for an existing cluster; pods of the service account default/s3-reader read a bucket.
func newQuickstart(scope constructs.Construct, id string, props *awscdk.StackProps) awscdk.Stack {
	stack := awscdk.NewStack(scope, jsii.String(id), props)
	bucket := awss3.NewBucket(stack, jsii.String("Reports"), &awss3.BucketProps{
		BucketName: jsii.String("cdk-irsa-quickstart-reports"),
		EnforceSSL: jsii.Bool(true),
	})

	// aws eks describe-cluster --name NAME --query cluster.identity.oidc.issuer
	issuer := cdkirsa.OidcIssuer_FromUrl(jsii.String("https://oidc.eks.eu-west-1.amazonaws.com/id/8BAC8B107DC1292E426FDF456E6A9B643"))
	provider := cdkirsa.NewClusterOidcProvider(stack, jsii.String("Provider"), &cdkirsa.ClusterOidcProviderProps{Issuer: issuer})

	reader := cdkirsa.NewIrsaRole(stack, jsii.String("Reader"), &cdkirsa.IrsaRoleProps{
		Providers:       &[]cdkirsa.IClusterOidcProvider{provider},
		ServiceAccounts: &[]cdkirsa.ServiceAccountSubject{cdkirsa.ServiceAccountSubject_Of(jsii.String("default"), jsii.String("s3-reader"))},
	})
	bucket.GrantRead(reader, nil)

	chart := cdkirsa.NewManifests(stack, jsii.String("Manifests")).AddChart(jsii.String("s3-reader"), &cdk8s.ChartProps{
		Namespace: jsii.String("default"),
	})
	serviceAccount := cdkirsa.NewIrsaServiceAccount(chart, jsii.String("ServiceAccount"), &cdkirsa.IrsaServiceAccountProps{Role: reader})
	cdk8splus28.NewDeployment(chart, jsii.String("Web"), &cdk8splus28.DeploymentProps{
		ServiceAccount: serviceAccount,
		Containers: &[]*cdk8splus28.ContainerProps{{
			Image: jsii.String("public.ecr.aws/aws-cli/aws-cli:2.31.0"),
			Args:  jsii.Strings("s3", "ls", "s3://"+*bucket.BucketName()),
		}},
	})
	return stack
}

func main() {
	defer jsii.Close()
	app := awscdk.NewApp(nil)
	newQuickstart(app, "Quickstart", &awscdk.StackProps{
		Env: &awscdk.Environment{Account: jsii.String("123456789012"), Region: jsii.String("eu-west-1")},
	})
	app.Synth(nil)
}

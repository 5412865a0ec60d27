// Public names that the quickstart does not use. Prints the manifests of a cdk8s app, and how a name that is none is refused.
package main

import (
	"fmt"
	"os"
	"strconv"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/jsii-runtime-go"
	"github.com/cdk-irsa/cdk-irsa-go/cdkirsa"
	"github.com/cdk8s-team/cdk8s-core-go/cdk8s/v2"
	"github.com/cdk8s-team/cdk8s-plus-go/cdk8splus28/v2"
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

	chain := cdkirsa.NewRoleChain(stack, jsii.String("Chain"), &cdkirsa.RoleChainProps{Role: job, Region: jsii.String("eu-west-1")})
	chain.To(cdkirsa.NewChainedRole(stack, jsii.String("Admin"), &cdkirsa.ChainedRoleProps{RoleName: jsii.String("admin")}), &cdkirsa.RoleChainLinkOptions{
		Profile:    jsii.String("admin"),
		ExternalId: jsii.String("id-1"),
		Duration:   awscdk.Duration_Minutes(jsii.Number(30)),
	}).To(cdkirsa.NewChainedRole(stack, jsii.String("Deep"), &cdkirsa.ChainedRoleProps{RoleName: jsii.String("deep")}), &cdkirsa.RoleChainLinkOptions{
		Profile: jsii.String("deep"),
	})
	tool := cdk8splus28.NewPod(chart, jsii.String("Tool"), &cdk8splus28.PodProps{
		ServiceAccount: cdk8splus28.ServiceAccount_FromServiceAccountName(chart, jsii.String("Existing"), jsii.String("job"), nil),
		Containers:     &[]*cdk8splus28.ContainerProps{{Name: jsii.String("main"), Image: jsii.String("tool:1")}},
	})
	cdkirsa.NewAwsConfigMap(chart, jsii.String("Config"), &cdkirsa.AwsConfigMapProps{File: cdkirsa.AwsConfigFile_FromRoleChain(chain)}).
		MountInto(tool, &cdkirsa.AwsConfigMountOptions{Profile: jsii.String("deep"), LoadConfig: jsii.Bool(true)})
	own := cdkirsa.AwsConfigFile_Of(cdkirsa.AwsProfile_WebIdentity(jsii.String("default"), &cdkirsa.WebIdentityProfileOptions{
		RoleArn:     jsii.String("arn:aws:iam::123456789012:role/job"),
		RegionalSts: jsii.Bool(true),
	}))

	fleet := cdkirsa.NewIrsaRoleShards(stack, jsii.String("Fleet"), &cdkirsa.IrsaRoleShardsProps{
		Providers:       &[]cdkirsa.IClusterOidcProvider{provider},
		ServiceAccounts: &[]cdkirsa.ServiceAccountSubject{cdkirsa.ServiceAccountSubject_Of(jsii.String("batch"), jsii.String("agent"))},
		Audience:        jsii.String("vault"),
	})
	organization := cdkirsa.NewOrganizationOidcProvider(stack, jsii.String("Organization"), &cdkirsa.OrganizationOidcProviderProps{
		Issuer:                issuer,
		OrganizationalUnitIds: jsii.Strings("ou-ab12-c3d4e5f6"),
	})
	reader := organization.AddRole(jsii.String("Reader"), &cdkirsa.OrganizationRoleOptions{
		ServiceAccounts: &[]cdkirsa.ServiceAccountSubject{cdkirsa.ServiceAccountSubject_Of(jsii.String("batch"), jsii.String("reader"))},
		RoleName:        jsii.String("reader"),
	})
	keys := cdkirsa.PublicKeys_FromPem(jsii.String("-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEqBYTJECFRNMka97kf0Kr+sdH+eZV\nunjHNbhLAnJt/tfExK+nP9geMdtD+QDT/g0Rgo+GgqSTiyDNmn3u5Vcs+w==\n-----END PUBLIC KEY-----\n"))
	hosted := cdkirsa.SelfHostedIssuer_CloudFrontFunction(stack, jsii.String("Hosted"), &cdkirsa.CloudFrontFunctionIssuerProps{Keys: keys})
	job.AddToPolicy(cdkirsa.IssuerPermissions_ForProvider(stack, hosted.Issuer(), nil))
	dns := cdkirsa.NewControllerRole(stack, jsii.String("Dns"), &cdkirsa.ControllerRoleProps{
		Providers:  &[]cdkirsa.IClusterOidcProvider{provider},
		Controller: cdkirsa.Controller_ExternalDns(nil),
	})
	cdkirsa.Controller_Karpenter(&cdkirsa.KarpenterOptions{ClusterName: jsii.String("production"), NodeRoles: &[]awsiam.IRole{job}}).
		InRegion(jsii.String("eu-central-1")).AddTo(job)
	mover := cdkirsa.NewIrsaRole(stack, jsii.String("Mover"), &cdkirsa.IrsaRoleProps{
		Providers:              &[]cdkirsa.IClusterOidcProvider{},
		PodIdentity:            jsii.Bool(true),
		PodIdentityClusterArns: jsii.Strings("arn:aws:eks:eu-west-1:123456789012:cluster/staging"),
		ServiceAccounts:        &[]cdkirsa.ServiceAccountSubject{cdkirsa.ServiceAccountSubject_Of(jsii.String("batch"), jsii.String("mover"))},
	})
	association := cdkirsa.NewPodIdentityAssociation(stack, jsii.String("Association"), &cdkirsa.PodIdentityAssociationProps{
		ClusterName: jsii.String("production"),
		Role:        mover,
	})
	addon := cdkirsa.EksAddon_EbsCsi(stack, jsii.String("EbsCsi"), &cdkirsa.EbsCsiAddonOptions{
		ClusterName:         jsii.String("production"),
		PodIdentity:         jsii.Bool(true),
		ConfigurationValues: &map[string]interface{}{"controller": map[string]interface{}{"replicaCount": 1}},
		ResolveConflicts:    cdkirsa.AddonConflicts_OVERWRITE,
	})
	takenOver := cdkirsa.NewTakenOverServiceAccount(stack, jsii.String("Old"), &cdkirsa.TakenOverServiceAccountProps{
		Provider:  provider,
		Name:      jsii.String("old"),
		Namespace: jsii.String("batch"),
	})
	imported := cdkirsa.NewEksctlServiceAccounts(stack, jsii.String("Eksctl"), &cdkirsa.EksctlServiceAccountsProps{
		Config: cdkirsa.EksctlConfig_FromObject(&map[string]interface{}{
			"apiVersion": "eksctl.io/v1alpha5",
			"kind":       "ClusterConfig",
			"metadata":   map[string]interface{}{"name": "production", "region": "eu-west-1"},
			"iam": map[string]interface{}{
				"withOIDC": true,
				"serviceAccounts": []interface{}{map[string]interface{}{
					"metadata":          map[string]interface{}{"name": "dns", "namespace": "batch"},
					"wellKnownPolicies": map[string]interface{}{"externalDNS": true},
					"roleName":          "dns",
				}},
			},
		}),
		Provider: provider,
	})
	cdkirsa.NewPodIdentityWebhook(cluster, jsii.String("webhook"), &cdkirsa.PodIdentityWebhookProps{Region: jsii.String("eu-west-1"), Replicas: jsii.Number(3)})

	said := cdk8s.NewApiObject(chart, jsii.String("Said"), &cdk8s.ApiObjectProps{ApiVersion: jsii.String("v1"), Kind: jsii.String("ConfigMap")})
	said.AddJsonPatch(
		cdk8s.JsonPatch_Add(jsii.String("/data"), map[string]interface{}{"own": *own.Text()}),
		cdk8s.JsonPatch_Add(jsii.String("/data/shards"), strconv.Itoa(len(*fleet.Roles()))),
		cdk8s.JsonPatch_Add(jsii.String("/data/reader"), *reader.RoleArnIn(jsii.String("222222222222"))),
		cdk8s.JsonPatch_Add(jsii.String("/data/controller"), *dns.Controller().Name()+" "+*(*dns.ServiceAccounts())[0].Claim()),
		cdk8s.JsonPatch_Add(jsii.String("/data/roles"), strings.Join([]string{
			*association.Subject().Claim(), *addon.AddonName(), *(*addon.Role().ServiceAccounts())[0].Name(), *takenOver.Subject().Claim(),
		}, ",")),
		cdk8s.JsonPatch_Add(jsii.String("/data/imported"), *imported.ServiceAccountOf(jsii.String("batch"), jsii.String("dns")).Subject().Claim()),
		cdk8s.JsonPatch_Add(jsii.String("/data/profile"), *(*chain.Links())[1].SourceProfile()),
		cdk8s.JsonPatch_Add(jsii.String("/data/flags"), *cdkirsa.ApiServerFlags_ForIssuer(
			cdkirsa.OidcIssuer_FromUrl(jsii.String("https://oidc.example.com")), nil).Kubeadm(cdkirsa.KubeadmVersion_V1BETA4).Yaml()),
	)

	tested := awscdk.NewApp(&awscdk.AppProps{AutoSynth: jsii.Bool(false), Outdir: jsii.String(os.Getenv("CDK_OUTDIR") + "/tested")})
	awsiam.NewRole(awscdk.NewStack(tested, jsii.String("Tested"), nil), jsii.String("Open"), &awsiam.RoleProps{
		AssumedBy: awsiam.NewWebIdentityPrincipal(jsii.String("arn:aws:iam::123456789012:oidc-provider/oidc.example.com"), nil),
	})
	checks := cdkirsa.IrsaChecks_Of(tested, &cdkirsa.IrsaChecksOptions{Manifests: &[]*string{}})
	errors := []string{}
	for _, finding := range *checks.Findings() {
		if finding.Severity == cdkirsa.IrsaFindingSeverity_ERROR {
			errors = append(errors, *finding.Rule)
		}
	}
	awscdk.NewApp(&awscdk.AppProps{
		AutoSynth:             jsii.Bool(false),
		Outdir:                jsii.String(os.Getenv("CDK_OUTDIR") + "/validated"),
		PolicyValidationBeta1: &[]awscdk.IPolicyValidationPluginBeta1{cdkirsa.NewIrsaValidationPlugin(&cdkirsa.IrsaValidationPluginProps{Strict: jsii.Bool(true)})},
	})

	app.Synth(nil)
	fmt.Println(*cluster.SynthYaml())
	fmt.Println("errors:", strings.Join(errors, " "))
	defer func() { fmt.Println("refused:", recover()) }()
	cdkirsa.ServiceAccountSubject_Of(jsii.String("default"), jsii.String("S3_Reader"))
}

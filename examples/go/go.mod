module example.com/quickstart

go 1.25

require (
	github.com/aws/aws-cdk-go/awscdk/v2 v2.240.0
	github.com/aws/constructs-go/constructs/v10 v10.5.1
	github.com/aws/jsii-runtime-go v1.140.0
	github.com/cdk-irsa/cdk-irsa-go/cdkirsa v0.0.0
	github.com/cdk8s-team/cdk8s-core-go/cdk8s/v2 v2.68.12
	github.com/cdk8s-team/cdk8s-plus-go/cdk8splus28/v2 v2.5.6
)

// the published ones do not compile beside constructs 10.5: see docs/languages.md
replace (
	github.com/cdk8s-team/cdk8s-core-go/cdk8s/v2 => ./bindings/go/cdk8s
	github.com/cdk8s-team/cdk8s-plus-go/cdk8splus28/v2 => ./bindings/go/cdk8splus28
)

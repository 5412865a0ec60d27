"""Public names that the quickstart does not use. Prints the manifests of a cdk8s app, and how a name that is none is refused."""
from aws_cdk import App, Duration, Environment, Stack, aws_iam as iam
from cdk_irsa import (
    CdkTokenResolver,
    ClusterOidcProvider,
    IrsaServiceAccount,
    MetadataProtection,
    OidcIssuer,
    ServiceAccountPrincipal,
    ServiceAccountSubject,
    WebIdentityInjection,
)
import cdk8s

app = App()
stack = Stack(app, "Names", env=Environment(account="123456789012", region="eu-west-1"))

issuer = OidcIssuer.from_lookup(stack, cluster_name="production")
provider = ClusterOidcProvider.from_issuer(stack, "Existing", issuer=issuer, audiences=["sts.amazonaws.com", "vault"])
job = iam.Role(
    stack,
    "Job",
    assumed_by=ServiceAccountPrincipal(
        providers=[provider],
        service_accounts=[ServiceAccountSubject.of("batch", "job"), ServiceAccountSubject.matching("team-*", "runner")],
        audience="vault",
    ),
    role_name="job",
)

cluster = cdk8s.App(resolvers=[CdkTokenResolver()])
chart = cdk8s.Chart(cluster, "batch", namespace="batch")
IrsaServiceAccount(
    chart,
    "ServiceAccount",
    role=job,
    subject=ServiceAccountSubject.of("batch", "job"),
    audience="vault",
    token_expiration=Duration.hours(2),
    regional_sts=True,
)

batch = cdk8s.ApiObject(chart, "Batch", api_version="batch/v1", kind="Job")
WebIdentityInjection.into(batch, container_roles={"main": job}, region=stack.region, session_name_from_pod=True)
batch.add_json_patch(
    cdk8s.JsonPatch.add("/spec", {"template": {"spec": {"serviceAccountName": "job", "containers": [{"name": "main", "image": "job:1"}]}}})
)
MetadataProtection(chart, "NoNodeRole")

app.synth()
print(cluster.synth_yaml())
try:
    ServiceAccountSubject.of("default", "S3_Reader")
except Exception as error:
    print(f"refused: {error}")

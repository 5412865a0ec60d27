"""Public names that the quickstart does not use. Prints the manifests of a cdk8s app, and how a name that is none is refused."""
import os

from aws_cdk import App, Duration, Environment, Stack, aws_iam as iam
from cdk_irsa import (
    AddonConflicts,
    ApiServerFlags,
    AwsConfigFile,
    AwsConfigMap,
    AwsProfile,
    CdkTokenResolver,
    ChainedRole,
    ClusterOidcProvider,
    Controller,
    ControllerRole,
    EksAddon,
    EksctlConfig,
    EksctlServiceAccounts,
    IrsaChecks,
    IrsaFindingSeverity,
    IrsaRole,
    IrsaRoleShards,
    IrsaServiceAccount,
    IrsaValidationPlugin,
    IssuerPermissions,
    MetadataProtection,
    OidcIssuer,
    OrganizationOidcProvider,
    PodIdentityAssociation,
    PodIdentityWebhook,
    PublicKeys,
    RoleChain,
    SelfHostedIssuer,
    ServiceAccountPrincipal,
    ServiceAccountSubject,
    TakenOverServiceAccount,
    WebIdentityInjection,
)
import cdk8s
import cdk8s_plus_28 as kplus

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

chain = RoleChain(stack, "Chain", role=job, region="eu-west-1")
admin = chain.to(ChainedRole(stack, "Admin", role_name="admin"), profile="admin", external_id="id-1", duration=Duration.minutes(30))
admin.to(ChainedRole(stack, "Deep", role_name="deep"), profile="deep")
tool = kplus.Pod(
    chart,
    "Tool",
    service_account=kplus.ServiceAccount.from_service_account_name(chart, "Existing", "job"),
    containers=[kplus.ContainerProps(name="main", image="tool:1")],
)
AwsConfigMap(chart, "Config", file=AwsConfigFile.from_role_chain(chain)).mount_into(tool, profile="deep", load_config=True)
own = AwsConfigFile.of(AwsProfile.web_identity("default", role_arn="arn:aws:iam::123456789012:role/job", regional_sts=True))

fleet = IrsaRoleShards(stack, "Fleet", providers=[provider], service_accounts=[ServiceAccountSubject.of("batch", "agent")], audience="vault")
organization = OrganizationOidcProvider(stack, "Organization", issuer=issuer, organizational_unit_ids=["ou-ab12-c3d4e5f6"])
reader = organization.add_role("Reader", service_accounts=[ServiceAccountSubject.of("batch", "reader")], role_name="reader")
keys = PublicKeys.from_pem("-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEqBYTJECFRNMka97kf0Kr+sdH+eZV\nunjHNbhLAnJt/tfExK+nP9geMdtD+QDT/g0Rgo+GgqSTiyDNmn3u5Vcs+w==\n-----END PUBLIC KEY-----\n")
hosted = SelfHostedIssuer.cloud_front_function(stack, "Hosted", keys=keys)
job.add_to_policy(IssuerPermissions.for_provider(stack, hosted.issuer))
dns = ControllerRole(stack, "Dns", providers=[provider], controller=Controller.external_dns())
Controller.karpenter(cluster_name="production", node_roles=[job]).in_region("eu-central-1").add_to(job)
mover = IrsaRole(
    stack,
    "Mover",
    providers=[],
    pod_identity=True,
    pod_identity_cluster_arns=["arn:aws:eks:eu-west-1:123456789012:cluster/staging"],
    service_accounts=[ServiceAccountSubject.of("batch", "mover")],
)
association = PodIdentityAssociation(stack, "Association", cluster_name="production", role=mover)
addon = EksAddon.ebs_csi(
    stack,
    "EbsCsi",
    cluster_name="production",
    pod_identity=True,
    configuration_values={"controller": {"replicaCount": 1}},
    resolve_conflicts=AddonConflicts.OVERWRITE,
)
taken_over = TakenOverServiceAccount(stack, "Old", provider=provider, name="old", namespace="batch")
imported = EksctlServiceAccounts(
    stack,
    "Eksctl",
    config=EksctlConfig.from_object(
        {
            "apiVersion": "eksctl.io/v1alpha5",
            "kind": "ClusterConfig",
            "metadata": {"name": "production", "region": "eu-west-1"},
            "iam": {
                "withOIDC": True,
                "serviceAccounts": [
                    {"metadata": {"name": "dns", "namespace": "batch"}, "wellKnownPolicies": {"externalDNS": True}, "roleName": "dns"}
                ],
            },
        }
    ),
    provider=provider,
)
PodIdentityWebhook(cluster, "webhook", region="eu-west-1", replicas=3)

said = cdk8s.ApiObject(chart, "Said", api_version="v1", kind="ConfigMap")
said.add_json_patch(
    cdk8s.JsonPatch.add("/data", {"own": own.text}),
    cdk8s.JsonPatch.add("/data/shards", str(len(fleet.roles))),
    cdk8s.JsonPatch.add("/data/reader", reader.role_arn_in("222222222222")),
    cdk8s.JsonPatch.add("/data/controller", f"{dns.controller.name} {dns.service_accounts[0].claim}"),
    cdk8s.JsonPatch.add(
        "/data/roles",
        ",".join([association.subject.claim, addon.addon_name, addon.role.service_accounts[0].name, taken_over.subject.claim]),
    ),
    cdk8s.JsonPatch.add("/data/imported", imported.service_account_of("batch", "dns").subject.claim),
    cdk8s.JsonPatch.add("/data/profile", chain.links[1].source_profile),
    cdk8s.JsonPatch.add("/data/flags", ApiServerFlags.for_issuer(OidcIssuer.from_url("https://oidc.example.com")).kubeadm().yaml),
)

tested = App(auto_synth=False, outdir=os.environ["CDK_OUTDIR"] + "/tested")
iam.Role(Stack(tested, "Tested"), "Open", assumed_by=iam.WebIdentityPrincipal("arn:aws:iam::123456789012:oidc-provider/oidc.example.com"))
checks = IrsaChecks.of(tested, manifests=[])
errors = [finding.rule for finding in checks.findings if finding.severity == IrsaFindingSeverity.ERROR]
App(auto_synth=False, outdir=os.environ["CDK_OUTDIR"] + "/validated", policy_validation_beta1=[IrsaValidationPlugin(strict=True)])

app.synth()
print(cluster.synth_yaml())
print(f"errors: {' '.join(errors)}")
try:
    ServiceAccountSubject.of("default", "S3_Reader")
except Exception as error:
    print(f"refused: {error}")

package com.example;

import io.github.cdk_irsa.AddonConflicts;
import io.github.cdk_irsa.ApiServerFlags;
import io.github.cdk_irsa.AwsConfigFile;
import io.github.cdk_irsa.AwsConfigMap;
import io.github.cdk_irsa.AwsConfigMountOptions;
import io.github.cdk_irsa.AwsProfile;
import io.github.cdk_irsa.CdkTokenResolver;
import io.github.cdk_irsa.ChainedRole;
import io.github.cdk_irsa.CloudFrontFunctionIssuerProps;
import io.github.cdk_irsa.ClusterOidcProvider;
import io.github.cdk_irsa.Controller;
import io.github.cdk_irsa.ControllerRole;
import io.github.cdk_irsa.EbsCsiAddonOptions;
import io.github.cdk_irsa.EksAddon;
import io.github.cdk_irsa.EksctlConfig;
import io.github.cdk_irsa.EksctlServiceAccounts;
import io.github.cdk_irsa.ExistingProviderAttributes;
import io.github.cdk_irsa.IClusterOidcProvider;
import io.github.cdk_irsa.IrsaChecks;
import io.github.cdk_irsa.IrsaChecksOptions;
import io.github.cdk_irsa.IrsaFinding;
import io.github.cdk_irsa.IrsaFindingSeverity;
import io.github.cdk_irsa.IrsaRole;
import io.github.cdk_irsa.IrsaRoleShards;
import io.github.cdk_irsa.IrsaServiceAccount;
import io.github.cdk_irsa.IrsaValidationPlugin;
import io.github.cdk_irsa.IssuerPermissions;
import io.github.cdk_irsa.KarpenterOptions;
import io.github.cdk_irsa.MetadataProtection;
import io.github.cdk_irsa.OidcIssuer;
import io.github.cdk_irsa.OidcIssuerLookupOptions;
import io.github.cdk_irsa.OrganizationOidcProvider;
import io.github.cdk_irsa.OrganizationRole;
import io.github.cdk_irsa.OrganizationRoleOptions;
import io.github.cdk_irsa.PodIdentityAssociation;
import io.github.cdk_irsa.PodIdentityWebhook;
import io.github.cdk_irsa.PublicKeys;
import io.github.cdk_irsa.RoleChain;
import io.github.cdk_irsa.RoleChainLinkOptions;
import io.github.cdk_irsa.SelfHostedIssuer;
import io.github.cdk_irsa.ServiceAccountPrincipal;
import io.github.cdk_irsa.ServiceAccountSubject;
import io.github.cdk_irsa.TakenOverServiceAccount;
import io.github.cdk_irsa.WebIdentityInjection;
import io.github.cdk_irsa.WebIdentityInjectionOptions;
import io.github.cdk_irsa.WebIdentityProfileOptions;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.cdk8s.ApiObject;
import org.cdk8s.ApiObjectProps;
import org.cdk8s.AppProps;
import org.cdk8s.Chart;
import org.cdk8s.ChartProps;
import org.cdk8s.JsonPatch;
import org.cdk8s.plus28.ContainerProps;
import org.cdk8s.plus28.Pod;
import software.amazon.awscdk.App;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.Environment;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.StackProps;
import software.amazon.awscdk.services.iam.Role;
import software.amazon.awscdk.services.iam.WebIdentityPrincipal;

/** Public names that the quickstart does not use. Prints the manifests of a cdk8s app, and how a name that is none is refused. */
public class Names {
    public static void main(final String[] args) {
        App app = new App();
        Stack stack = new Stack(app, "Names", StackProps.builder()
            .env(Environment.builder().account("123456789012").region("eu-west-1").build())
            .build());

        OidcIssuer issuer = OidcIssuer.fromLookup(stack, OidcIssuerLookupOptions.builder().clusterName("production").build());
        IClusterOidcProvider provider = ClusterOidcProvider.fromIssuer(stack, "Existing", ExistingProviderAttributes.builder()
            .issuer(issuer)
            .audiences(List.of("sts.amazonaws.com", "vault"))
            .build());
        Role job = Role.Builder.create(stack, "Job")
            .assumedBy(ServiceAccountPrincipal.Builder.create()
                .providers(List.of(provider))
                .serviceAccounts(List.of(ServiceAccountSubject.of("batch", "job"), ServiceAccountSubject.matching("team-*", "runner")))
                .audience("vault")
                .build())
            .roleName("job")
            .build();

        org.cdk8s.App cluster = new org.cdk8s.App(AppProps.builder().resolvers(List.of(new CdkTokenResolver())).build());
        Chart chart = new Chart(cluster, "batch", ChartProps.builder().namespace("batch").build());
        IrsaServiceAccount.Builder.create(chart, "ServiceAccount")
            .role(job)
            .subject(ServiceAccountSubject.of("batch", "job"))
            .audience("vault")
            .tokenExpiration(Duration.hours(2))
            .regionalSts(true)
            .build();

        ApiObject batch = new ApiObject(chart, "Batch", ApiObjectProps.builder().apiVersion("batch/v1").kind("Job").build());
        WebIdentityInjection.into(batch, WebIdentityInjectionOptions.builder()
            .containerRoles(Map.of("main", job))
            .region(stack.getRegion())
            .sessionNameFromPod(true)
            .build());
        batch.addJsonPatch(JsonPatch.add("/spec", Map.of("template", Map.of("spec", Map.of(
            "serviceAccountName", "job",
            "containers", List.of(Map.of("name", "main", "image", "job:1")))))));
        new MetadataProtection(chart, "NoNodeRole");

        RoleChain chain = RoleChain.Builder.create(stack, "Chain").role(job).region("eu-west-1").build();
        chain.to(ChainedRole.Builder.create(stack, "Admin").roleName("admin").build(), RoleChainLinkOptions.builder()
            .profile("admin").externalId("id-1").duration(Duration.minutes(30)).build())
            .to(ChainedRole.Builder.create(stack, "Deep").roleName("deep").build(), RoleChainLinkOptions.builder().profile("deep").build());
        Pod tool = Pod.Builder.create(chart, "Tool")
            .serviceAccount(org.cdk8s.plus28.ServiceAccount.fromServiceAccountName(chart, "Existing", "job"))
            .containers(List.of(ContainerProps.builder().name("main").image("tool:1").build()))
            .build();
        AwsConfigMap.Builder.create(chart, "Config").file(AwsConfigFile.fromRoleChain(chain)).build()
            .mountInto(tool, AwsConfigMountOptions.builder().profile("deep").loadConfig(true).build());
        AwsConfigFile own = AwsConfigFile.of(AwsProfile.webIdentity("default", WebIdentityProfileOptions.builder()
            .roleArn("arn:aws:iam::123456789012:role/job").regionalSts(true).build()));

        IrsaRoleShards fleet = IrsaRoleShards.Builder.create(stack, "Fleet")
            .providers(List.of(provider))
            .serviceAccounts(List.of(ServiceAccountSubject.of("batch", "agent")))
            .audience("vault")
            .build();
        OrganizationOidcProvider organization = OrganizationOidcProvider.Builder.create(stack, "Organization")
            .issuer(issuer)
            .organizationalUnitIds(List.of("ou-ab12-c3d4e5f6"))
            .build();
        OrganizationRole reader = organization.addRole("Reader", OrganizationRoleOptions.builder()
            .serviceAccounts(List.of(ServiceAccountSubject.of("batch", "reader")))
            .roleName("reader")
            .build());
        PublicKeys keys = PublicKeys.fromPem("-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEqBYTJECFRNMka97kf0Kr+sdH+eZV\nunjHNbhLAnJt/tfExK+nP9geMdtD+QDT/g0Rgo+GgqSTiyDNmn3u5Vcs+w==\n-----END PUBLIC KEY-----\n");
        SelfHostedIssuer hosted = SelfHostedIssuer.cloudFrontFunction(stack, "Hosted", CloudFrontFunctionIssuerProps.builder().keys(keys).build());
        job.addToPolicy(IssuerPermissions.forProvider(stack, hosted.getIssuer()));
        ControllerRole dns = ControllerRole.Builder.create(stack, "Dns").providers(List.of(provider)).controller(Controller.externalDns()).build();
        Controller.karpenter(KarpenterOptions.builder().clusterName("production").nodeRoles(List.of(job)).build())
            .inRegion("eu-central-1").addTo(job);
        IrsaRole mover = IrsaRole.Builder.create(stack, "Mover")
            .providers(List.of())
            .podIdentity(true)
            .podIdentityClusterArns(List.of("arn:aws:eks:eu-west-1:123456789012:cluster/staging"))
            .serviceAccounts(List.of(ServiceAccountSubject.of("batch", "mover")))
            .build();
        PodIdentityAssociation association = PodIdentityAssociation.Builder.create(stack, "Association")
            .clusterName("production").role(mover).build();
        EksAddon addon = EksAddon.ebsCsi(stack, "EbsCsi", EbsCsiAddonOptions.builder()
            .clusterName("production")
            .podIdentity(true)
            .configurationValues(Map.of("controller", Map.of("replicaCount", 1)))
            .resolveConflicts(AddonConflicts.OVERWRITE)
            .build());
        TakenOverServiceAccount takenOver = TakenOverServiceAccount.Builder.create(stack, "Old")
            .provider(provider).name("old").namespace("batch").build();
        EksctlServiceAccounts imported = EksctlServiceAccounts.Builder.create(stack, "Eksctl")
            .config(EksctlConfig.fromObject(Map.of(
                "apiVersion", "eksctl.io/v1alpha5",
                "kind", "ClusterConfig",
                "metadata", Map.of("name", "production", "region", "eu-west-1"),
                "iam", Map.of(
                    "withOIDC", true,
                    "serviceAccounts", List.of(Map.of(
                        "metadata", Map.of("name", "dns", "namespace", "batch"),
                        "wellKnownPolicies", Map.of("externalDNS", true),
                        "roleName", "dns"))))))
            .provider(provider)
            .build();
        PodIdentityWebhook.Builder.create(cluster, "webhook").region("eu-west-1").replicas(3).build();

        ApiObject said = new ApiObject(chart, "Said", ApiObjectProps.builder().apiVersion("v1").kind("ConfigMap").build());
        said.addJsonPatch(
            JsonPatch.add("/data", Map.of("own", own.getText())),
            JsonPatch.add("/data/shards", String.valueOf(fleet.getRoles().size())),
            JsonPatch.add("/data/reader", reader.roleArnIn("222222222222")),
            JsonPatch.add("/data/controller", dns.getController().getName() + " " + dns.getServiceAccounts().get(0).getClaim()),
            JsonPatch.add("/data/roles", String.join(",", association.getSubject().getClaim(), addon.getAddonName(),
                addon.getRole().getServiceAccounts().get(0).getName(), takenOver.getSubject().getClaim())),
            JsonPatch.add("/data/imported", imported.serviceAccountOf("batch", "dns").getSubject().getClaim()),
            JsonPatch.add("/data/profile", chain.getLinks().get(1).getSourceProfile()),
            JsonPatch.add("/data/flags", ApiServerFlags.forIssuer(OidcIssuer.fromUrl("https://oidc.example.com")).kubeadm().getYaml()));

        App tested = App.Builder.create().autoSynth(false).outdir(System.getenv("CDK_OUTDIR") + "/tested").build();
        Role.Builder.create(new Stack(tested, "Tested"), "Open")
            .assumedBy(new WebIdentityPrincipal("arn:aws:iam::123456789012:oidc-provider/oidc.example.com"))
            .build();
        IrsaChecks checks = IrsaChecks.of(tested, IrsaChecksOptions.builder().manifests(List.of()).build());
        String errors = checks.getFindings().stream()
            .filter(finding -> finding.getSeverity() == IrsaFindingSeverity.ERROR)
            .map(IrsaFinding::getRule)
            .collect(Collectors.joining(" "));
        App.Builder.create().autoSynth(false).outdir(System.getenv("CDK_OUTDIR") + "/validated")
            .policyValidationBeta1(List.of(IrsaValidationPlugin.Builder.create().strict(true).build()))
            .build();

        app.synth();
        System.out.println(cluster.synthYaml());
        System.out.println("errors: " + errors);
        try {
            ServiceAccountSubject.of("default", "S3_Reader");
        } catch (RuntimeException error) {
            System.out.println("refused: " + error.getMessage());
        }
    }
}

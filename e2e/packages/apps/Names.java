package com.example;

import io.github.cdk_irsa.CdkTokenResolver;
import io.github.cdk_irsa.ClusterOidcProvider;
import io.github.cdk_irsa.ExistingProviderAttributes;
import io.github.cdk_irsa.IClusterOidcProvider;
import io.github.cdk_irsa.IrsaServiceAccount;
import io.github.cdk_irsa.MetadataProtection;
import io.github.cdk_irsa.OidcIssuer;
import io.github.cdk_irsa.OidcIssuerLookupOptions;
import io.github.cdk_irsa.ServiceAccountPrincipal;
import io.github.cdk_irsa.ServiceAccountSubject;
import io.github.cdk_irsa.WebIdentityInjection;
import io.github.cdk_irsa.WebIdentityInjectionOptions;
import java.util.List;
import java.util.Map;
import org.cdk8s.ApiObject;
import org.cdk8s.ApiObjectProps;
import org.cdk8s.AppProps;
import org.cdk8s.Chart;
import org.cdk8s.ChartProps;
import org.cdk8s.JsonPatch;
import software.amazon.awscdk.App;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.Environment;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.StackProps;
import software.amazon.awscdk.services.iam.Role;

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

        app.synth();
        System.out.println(cluster.synthYaml());
        try {
            ServiceAccountSubject.of("default", "S3_Reader");
        } catch (RuntimeException error) {
            System.out.println("refused: " + error.getMessage());
        }
    }
}

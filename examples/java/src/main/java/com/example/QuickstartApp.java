package com.example;

import io.github.cdk_irsa.ClusterOidcProvider;
import io.github.cdk_irsa.IrsaRole;
import io.github.cdk_irsa.IrsaServiceAccount;
import io.github.cdk_irsa.Manifests;
import io.github.cdk_irsa.OidcIssuer;
import io.github.cdk_irsa.ServiceAccountSubject;
import java.util.List;
import org.cdk8s.Chart;
import org.cdk8s.ChartProps;
import org.cdk8s.plus28.ContainerProps;
import org.cdk8s.plus28.Deployment;
import software.amazon.awscdk.App;
import software.amazon.awscdk.Environment;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.StackProps;
import software.amazon.awscdk.services.s3.Bucket;
import software.constructs.Construct;

/** An existing cluster; pods of the service account default/s3-reader read a bucket. */
public class QuickstartApp extends Stack {
    public QuickstartApp(final Construct scope, final String id, final StackProps props) {
        super(scope, id, props);
        Bucket bucket = Bucket.Builder.create(this, "Reports").bucketName("cdk-irsa-quickstart-reports").enforceSsl(true).build();

        // aws eks describe-cluster --name NAME --query cluster.identity.oidc.issuer
        OidcIssuer issuer = OidcIssuer.fromUrl("https://oidc.eks.eu-west-1.amazonaws.com/id/8BAC8B107DC1292E426FDF456E6A9B643");
        ClusterOidcProvider provider = ClusterOidcProvider.Builder.create(this, "Provider").issuer(issuer).build();

        IrsaRole reader = IrsaRole.Builder.create(this, "Reader")
            .providers(List.of(provider))
            .serviceAccounts(List.of(ServiceAccountSubject.of("default", "s3-reader")))
            .build();
        bucket.grantRead(reader);

        Chart chart = new Manifests(this, "Manifests").addChart("s3-reader", ChartProps.builder().namespace("default").build());
        IrsaServiceAccount serviceAccount = IrsaServiceAccount.Builder.create(chart, "ServiceAccount").role(reader).build();
        Deployment.Builder.create(chart, "Web")
            .serviceAccount(serviceAccount)
            .containers(List.of(ContainerProps.builder()
                .image("public.ecr.aws/aws-cli/aws-cli:2.31.0")
                .args(List.of("s3", "ls", "s3://" + bucket.getBucketName()))
                .build()))
            .build();
    }

    public static void main(final String[] args) {
        App app = new App();
        new QuickstartApp(app, "Quickstart", StackProps.builder()
            .env(Environment.builder().account("123456789012").region("eu-west-1").build())
            .build());
        app.synth();
    }
}

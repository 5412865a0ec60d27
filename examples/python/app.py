from aws_cdk import App, Environment, Stack, aws_s3 as s3
from cdk_irsa import ClusterOidcProvider, IrsaRole, IrsaServiceAccount, Manifests, OidcIssuer, ServiceAccountSubject
from constructs import Construct
import cdk8s_plus_28 as kplus


class QuickstartStack(Stack):
    """An existing cluster; pods of the service account default/s3-reader read a bucket."""

    def __init__(self, scope: Construct, id: str, **kwargs) -> None:
        super().__init__(scope, id, **kwargs)
        bucket = s3.Bucket(self, "Reports", bucket_name="cdk-irsa-quickstart-reports", enforce_ssl=True)

        # aws eks describe-cluster --name NAME --query cluster.identity.oidc.issuer
        issuer = OidcIssuer.from_url("https://oidc.eks.eu-west-1.amazonaws.com/id/8BAC8B107DC1292E426FDF456E6A9B643")
        provider = ClusterOidcProvider(self, "Provider", issuer=issuer)

        reader = IrsaRole(
            self,
            "Reader",
            providers=[provider],
            service_accounts=[ServiceAccountSubject.of("default", "s3-reader")],
        )
        bucket.grant_read(reader)

        chart = Manifests(self, "Manifests").add_chart("s3-reader", namespace="default")
        service_account = IrsaServiceAccount(chart, "ServiceAccount", role=reader)
        kplus.Deployment(
            chart,
            "Web",
            service_account=service_account,
            containers=[
                kplus.ContainerProps(
                    image="public.ecr.aws/aws-cli/aws-cli:2.31.0",
                    args=["s3", "ls", f"s3://{bucket.bucket_name}"],
                )
            ],
        )


app = App()
QuickstartStack(app, "Quickstart", env=Environment(account="123456789012", region="eu-west-1"))
app.synth()

"""moto's server with what cdk-irsa's stacks need and it lacks.

- AWS::IAM::OIDCProvider, on top of moto's own IAM API for such providers
- AWS::EKS::Cluster, as far as a cluster's issuer URL: E2E_EKS_ISSUERS maps cluster names to URLs
- AWS::EKS::PodIdentityAssociation and AWS::EKS::Addon, as far as that the roles they name have to be there
- a resource type that moto doesn't know fails the deployment: moto itself only logs a warning and goes on
- an updated role gets its new trust policy: moto itself leaves the old one
- a role's inline policies are JSON: moto itself keeps what Python prints of them
"""

import json
import os

from moto.cloudformation import parsing
from moto.cloudformation.exceptions import ValidationError
from moto.core.common_models import CloudFormationModel
from moto.iam.models import Role, iam_backends
from moto.server import main
from moto.utilities.utils import get_partition

EKS_ISSUERS = json.loads(os.environ.get("E2E_EKS_ISSUERS", "{}"))


def backend(account_id, region_name):
    return iam_backends[account_id][get_partition(region_name)]


class Resource:
    """What a resource type has that is known by its ARN and stays as it was made."""

    def __init__(self, arn):
        self.arn = arn

    @property
    def physical_resource_id(self):
        return self.arn

    @staticmethod
    def cloudformation_name_type():
        return ""

    @classmethod
    def update_from_cloudformation_json(
        cls, original_resource, new_resource_name, cloudformation_json, account_id, region_name
    ):
        return original_resource

    @classmethod
    def delete_from_cloudformation_json(cls, resource_name, cloudformation_json, account_id, region_name):
        return None


class OIDCProvider(Resource, CloudFormationModel):
    # moto takes the name of the service from the second part of a model's module
    __module__ = "e2e.iam.models"

    @staticmethod
    def cloudformation_type():
        return "AWS::IAM::OIDCProvider"

    @classmethod
    def has_cfn_attr(cls, attr):
        return attr == "Arn"

    def get_cfn_attribute(self, attribute_name):
        if attribute_name != "Arn":
            raise ValueError(f"AWS::IAM::OIDCProvider has no attribute {attribute_name}")
        return self.arn

    @classmethod
    def create_from_cloudformation_json(cls, resource_name, cloudformation_json, account_id, region_name, **kwargs):
        properties = cloudformation_json["Properties"]
        # as AWS: the scheme is part of the property, and only https will do
        if not properties["Url"].startswith("https://"):
            raise ValidationError(message=f"the Url of an AWS::IAM::OIDCProvider has to begin with https://, got {properties['Url']}")
        provider = backend(account_id, region_name).create_open_id_connect_provider(
            url=properties["Url"],
            thumbprint_list=properties.get("ThumbprintList", []),
            client_id_list=properties.get("ClientIdList", []),
            tags=properties.get("Tags", []),
        )
        return cls(provider.arn)

    @classmethod
    def update_from_cloudformation_json(
        cls, original_resource, new_resource_name, cloudformation_json, account_id, region_name
    ):
        properties = cloudformation_json["Properties"]
        provider = backend(account_id, region_name).get_open_id_connect_provider(original_resource.arn)
        provider.thumbprint_list = properties.get("ThumbprintList", [])
        provider.client_id_list = properties.get("ClientIdList", [])
        return original_resource

    @classmethod
    def delete_from_cloudformation_json(cls, resource_name, cloudformation_json, account_id, region_name):
        backend(account_id, region_name).delete_open_id_connect_provider(resource_name)


class Cluster(Resource, CloudFormationModel):
    __module__ = "e2e.eks.models"

    def __init__(self, name, arn):
        super().__init__(arn)
        self.name = name

    @property
    def physical_resource_id(self):
        return self.name

    @staticmethod
    def cloudformation_name_type():
        return "Name"

    @staticmethod
    def cloudformation_type():
        return "AWS::EKS::Cluster"

    @classmethod
    def has_cfn_attr(cls, attr):
        return attr in ("Arn", "OpenIdConnectIssuerUrl")

    def get_cfn_attribute(self, attribute_name):
        return {"Arn": self.arn, "OpenIdConnectIssuerUrl": EKS_ISSUERS[self.name]}[attribute_name]

    @classmethod
    def create_from_cloudformation_json(cls, resource_name, cloudformation_json, account_id, region_name, **kwargs):
        name = cloudformation_json["Properties"]["Name"]
        if name not in EKS_ISSUERS:
            raise ValidationError(message=f"no issuer for the cluster {name}, known: {', '.join(EKS_ISSUERS)}")
        return cls(name, f"arn:{get_partition(region_name)}:eks:{region_name}:{account_id}:cluster/{name}")


class RoleUser(Resource):
    """A resource of EKS that names roles. As AWS, it takes those of its own account only, and only ones that exist."""

    @classmethod
    def has_cfn_attr(cls, attr):
        return attr in ("Arn", "AssociationArn")

    def get_cfn_attribute(self, attribute_name):
        return self.arn

    @classmethod
    def create_from_cloudformation_json(cls, resource_name, cloudformation_json, account_id, region_name, **kwargs):
        properties = cloudformation_json["Properties"]
        for arn in cls.role_arns(properties):
            backend(account_id, region_name).get_role_by_arn(arn)
        return cls(f"arn:{get_partition(region_name)}:eks:{region_name}:{account_id}:{cls.kind}/{properties['ClusterName']}/{resource_name}")


# moto knows the direct subclasses of a model only
class PodIdentityAssociation(RoleUser, CloudFormationModel):
    __module__ = "e2e.eks.models"
    kind = "podidentityassociation"

    @staticmethod
    def cloudformation_type():
        return "AWS::EKS::PodIdentityAssociation"

    @staticmethod
    def role_arns(properties):
        return [properties["RoleArn"]] if properties["Namespace"] and properties["ServiceAccount"] else []


class Addon(RoleUser, CloudFormationModel):
    __module__ = "e2e.eks.models"
    kind = "addon"

    @staticmethod
    def cloudformation_type():
        return "AWS::EKS::Addon"

    @staticmethod
    def role_arns(properties):
        annotated = properties.get("ServiceAccountRoleArn")
        return [*([annotated] if annotated else []), *(each["RoleArn"] for each in properties.get("PodIdentityAssociations", []))]


def refuse_unknown_types():
    known = parsing.resource_class_from_type

    def strict(resource_type):
        found = known(resource_type)
        if found is None and resource_type not in (*parsing.NULL_MODELS, "AWS::CDK::Metadata"):
            raise ValidationError(message=f"moto cannot create {resource_type}")
        return found

    parsing.resource_class_from_type = strict


def update_trust_policies():
    update = Role.update_from_cloudformation_json.__func__

    def with_trust(cls, original_resource, new_resource_name, cloudformation_json, account_id, region_name):
        role = update(cls, original_resource, new_resource_name, cloudformation_json, account_id, region_name)
        document = cloudformation_json["Properties"]["AssumeRolePolicyDocument"]
        role.assume_role_policy_document = document if isinstance(document, str) else json.dumps(document)
        return role

    Role.update_from_cloudformation_json = classmethod(with_trust)


def keep_inline_policies_as_json():
    put = Role.put_policy

    def as_json(self, policy_name, policy_json):
        put(self, policy_name, policy_json if isinstance(policy_json, str) else json.dumps(policy_json))

    Role.put_policy = as_json


refuse_unknown_types()
update_trust_policies()
keep_inline_policies_as_json()
main()

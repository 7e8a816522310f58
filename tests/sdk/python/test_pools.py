"""Pools, clients and tags through boto3."""

import datetime

import pytest

from cardea import make_person, make_pool, sign_in


def test_a_pool_lives(cognito, refuses):
    made = cognito.create_user_pool(PoolName="life", UserPoolTags={"stage": "test"})["UserPool"]
    named = {"UserPoolId": made["Id"]}
    assert made["Arn"].endswith(":userpool/" + made["Id"])
    assert isinstance(made["CreationDate"], datetime.datetime)
    assert made["CreationDate"] == made["LastModifiedDate"]
    assert made["UserPoolTags"] == {"stage": "test"}
    assert len(made["SchemaAttributes"]) == 21
    assert "Status" not in made and "AliasAttributes" not in made
    assert cognito.describe_user_pool(**named)["UserPool"] == made
    cognito.update_user_pool(**named, Policies={"PasswordPolicy": {"MinimumLength": 10}})
    found = cognito.describe_user_pool(**named)["UserPool"]
    assert found["Policies"]["PasswordPolicy"]["MinimumLength"] == 10
    cognito.add_custom_attributes(**named, CustomAttributes=[{"Name": "plan", "AttributeDataType": "String"}])
    found = cognito.describe_user_pool(**named)["UserPool"]
    assert found["SchemaAttributes"][21] == {
        "Name": "custom:plan", "AttributeDataType": "String", "DeveloperOnlyAttribute": False, "Mutable": True,
        "Required": False, "StringAttributeConstraints": {}}
    cognito.delete_user_pool(**named)
    with refuses(cognito.exceptions.ResourceNotFoundException, f"User pool {made['Id']} does not exist."):
        cognito.describe_user_pool(**named)


def test_tags(cognito):
    arn = cognito.create_user_pool(PoolName="tagged")["UserPool"]["Arn"]
    assert cognito.list_tags_for_resource(ResourceArn=arn)["Tags"] == {}
    cognito.tag_resource(ResourceArn=arn, Tags={"a": "1", "b": "2"})
    cognito.untag_resource(ResourceArn=arn, TagKeys=["a"])
    assert cognito.list_tags_for_resource(ResourceArn=arn)["Tags"] == {"b": "2"}


def test_a_client_lives(cognito, refuses):
    pool, _ = make_pool(cognito)
    made = cognito.create_user_pool_client(UserPoolId=pool, ClientName="life", GenerateSecret=True)["UserPoolClient"]
    named = {"UserPoolId": pool, "ClientId": made["ClientId"]}
    assert cognito.describe_user_pool_client(**named)["UserPoolClient"] == made
    updated = cognito.update_user_pool_client(**named, ClientName="changed")["UserPoolClient"]
    assert (updated["ClientName"], updated["ClientSecret"]) == ("changed", made["ClientSecret"])
    cognito.delete_user_pool_client(**named)
    with refuses(cognito.exceptions.ResourceNotFoundException, f"User pool client {made['ClientId']} does not exist."):
        cognito.describe_user_pool_client(**named)


def test_paginators_walk_through_everything(cognito):
    pool, _ = make_pool(cognito)
    for number in range(5):
        cognito.create_group(UserPoolId=pool, GroupName=f"group{number}")
        cognito.create_user_pool_client(UserPoolId=pool, ClientName=f"client{number}")

    def walk(operation, key, name, **parameters):
        pages = cognito.get_paginator(operation).paginate(PaginationConfig={"PageSize": 2}, **parameters)
        found = [item[name] for page in pages for item in page[key]]
        assert len(set(found)) == len(found)
        return sorted(found)

    assert walk("list_groups", "Groups", "GroupName", UserPoolId=pool) == [f"group{number}" for number in range(5)]
    assert walk("list_user_pool_clients", "UserPoolClients", "ClientName", UserPoolId=pool) == [
        "app", *(f"client{number}" for number in range(5))]
    assert pool in walk("list_user_pools", "UserPools", "Id")


def test_required_and_custom_attributes_are_enforced(cardea, cognito, refuses):
    pool, client = make_pool(cognito, Schema=[
        {"Name": "given_name", "Required": True},
        {"Name": "size", "AttributeDataType": "Number", "NumberAttributeConstraints": {"MinValue": "1", "MaxValue": "9"}}])
    with refuses(cognito.exceptions.InvalidParameterException,
                 "Attributes did not conform to the schema: given_name: The attribute is required\n"):
        cognito.sign_up(ClientId=client, Username="a", Password="Correct-Horse-7")
    for value in ("0", "10", "many"):
        with refuses(cognito.exceptions.InvalidParameterException):
            cognito.sign_up(ClientId=client, Username="a", Password="Correct-Horse-7", UserAttributes=[
                {"Name": "given_name", "Value": "A"}, {"Name": "custom:size", "Value": value}])
    make_person(cardea, cognito, client, "a", given_name="A", **{"custom:size": "9"})
    sign_in(cognito, client, "a")


@pytest.mark.parametrize("pool, part", [
    ({"AliasAttributes": ["email"], "UsernameAttributes": ["email"]}, "Only one of the aliasAttributes"),
    ({"PoolName": "a/b"}, "Member must satisfy regular expression pattern"),
    ({"Schema": [{"Name": "x", "AttributeDataType": "String", "Required": True}]}, "Required custom attributes"),
])
def test_a_pool_that_makes_no_sense_is_refused(cognito, refuses, pool, part):
    with pytest.raises(cognito.exceptions.InvalidParameterException) as caught:
        make_pool(cognito, **pool)
    assert part in caught.value.response["Error"]["Message"]

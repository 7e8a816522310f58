#include "api/user_pools/service.h"

namespace cardea {

namespace {

constexpr std::string_view kAbsent[] = {"AddUserPoolClientSecret",
                                        "AdminDeleteSoftwareToken",
                                        "AdminDisableProviderForUser",
                                        "AdminForgetDevice",
                                        "AdminGetDevice",
                                        "AdminGetUserAuthFactors",
                                        "AdminLinkProviderForUser",
                                        "AdminListDevices",
                                        "AdminListUserAuthEvents",
                                        "AdminListUserSessions",
                                        "AdminRevokeUserSession",
                                        "AdminSetUserMFAPreference",
                                        "AdminSetUserSettings",
                                        "AdminUpdateAuthEventFeedback",
                                        "AdminUpdateDeviceStatus",
                                        "AssociateSoftwareToken",
                                        "CompleteWebAuthnRegistration",
                                        "ConfirmDevice",
                                        "CreateIdentityProvider",
                                        "CreateManagedLoginBranding",
                                        "CreateResourceServer",
                                        "CreateTerms",
                                        "CreateUserImportJob",
                                        "CreateUserPoolDomain",
                                        "CreateUserPoolReplica",
                                        "DeleteIdentityProvider",
                                        "DeleteManagedLoginBranding",
                                        "DeleteResourceServer",
                                        "DeleteTerms",
                                        "DeleteUserPoolClientSecret",
                                        "DeleteUserPoolDomain",
                                        "DeleteUserPoolReplica",
                                        "DeleteWebAuthnCredential",
                                        "DescribeIdentityProvider",
                                        "DescribeManagedLoginBranding",
                                        "DescribeManagedLoginBrandingByClient",
                                        "DescribeResourceServer",
                                        "DescribeRiskConfiguration",
                                        "DescribeTerms",
                                        "DescribeTermsByClient",
                                        "DescribeUserImportJob",
                                        "DescribeUserPoolDomain",
                                        "ForgetDevice",
                                        "GetCSVHeader",
                                        "GetClientToken",
                                        "GetDevice",
                                        "GetIdentityProviderByIdentifier",
                                        "GetLogDeliveryConfiguration",
                                        "GetProvisionedLimit",
                                        "GetSigningCertificate",
                                        "GetUICustomization",
                                        "GetUserAuthFactors",
                                        "GetUserPoolClientSessionConfiguration",
                                        "GetUserPoolSessionConfiguration",
                                        "ListDevices",
                                        "ListIdentityProviders",
                                        "ListResourceServers",
                                        "ListTerms",
                                        "ListUserImportJobs",
                                        "ListUserPoolClientSecrets",
                                        "ListUserPoolReplicas",
                                        "ListUserSessions",
                                        "ListWebAuthnCredentials",
                                        "RevokeUserSession",
                                        "SetLogDeliveryConfiguration",
                                        "SetRiskConfiguration",
                                        "SetUICustomization",
                                        "SetUserMFAPreference",
                                        "SetUserPoolClientSessionConfiguration",
                                        "SetUserPoolSessionConfiguration",
                                        "SetUserSettings",
                                        "StartUserImportJob",
                                        "StartWebAuthnRegistration",
                                        "StopUserImportJob",
                                        "UpdateAuthEventFeedback",
                                        "UpdateDeviceStatus",
                                        "UpdateIdentityProvider",
                                        "UpdateManagedLoginBranding",
                                        "UpdateProvisionedLimit",
                                        "UpdateResourceServer",
                                        "UpdateTerms",
                                        "UpdateUserPoolDomain",
                                        "UpdateUserPoolReplica",
                                        "VerifySoftwareToken"};

}  // namespace

const std::vector<Operation>& UserPoolOperations() {
    static const std::vector<Operation> all = [] {
        std::vector<Operation> out;
        for (const auto& noun :
             {PoolOperations(), PoolMfaOperations(), TagOperations(), ClientOperations(), SignUpOperations(),
              PasswordOperations(), UserOperations(), UserAttributeOperations(), AdminUserOperations(),
              UserListOperations(), SignInOperations(), TokenOperations(), GroupOperations()})
            out.insert(out.end(), noun.begin(), noun.end());
        return out;
    }();
    return all;
}

std::span<const std::string_view> AbsentUserPoolOperations() { return kAbsent; }

}  // namespace cardea

#include "model/client_rules.h"

#include <algorithm>

#include "model/schema.h"

namespace cardea {

namespace {

using namespace std::chrono_literals;

constexpr int kDefaultRefreshDays = 30;
constexpr int kDefaultAuthSessionMinutes = 3;
constexpr std::string_view kStandardScopes[] = {"phone", "email", "openid", "profile", "aws.cognito.signin.user.admin"};

using Found = std::optional<Fault>;

template <class T>
bool Contains(const std::optional<std::vector<T>>& list, const T& value) {
    return list && std::find(list->begin(), list->end(), value) != list->end();
}

template <class T>
bool HasItems(const std::optional<std::vector<T>>& list) {
    return list && !list->empty();
}

template <class T>
void DropEmpty(std::optional<std::vector<T>>& list) {
    if (list && list->empty()) list.reset();
}

// Lifetimes are read through a client, which is what knows the defaults.
Found CheckLifetimes(const ClientSettings& settings) {
    Client client;
    static_cast<ClientSettings&>(client) = settings;
    const auto within = [](Duration value, Duration least, Duration most) { return value >= least && value <= most; };
    const Duration refresh = RefreshTokenLifetime(client);
    const bool valid = within(AccessTokenLifetime(client), 5min, 24h) && within(IdTokenLifetime(client), 5min, 24h) &&
                       within(refresh, 60min, 3650 * 24h) && AccessTokenLifetime(client) < refresh &&
                       IdTokenLifetime(client) < refresh;
    // An access token of an hour is the default and must go with the shortest refresh token.
    const bool shortest = refresh == 60min && AccessTokenLifetime(client) <= 60min && IdTokenLifetime(client) <= 60min;
    if (valid || shortest) return std::nullopt;
    return InvalidParameter("Invalid range for token validity.");
}

bool IsOldName(ExplicitAuthFlow flow) { return !NameOf(flow).starts_with("ALLOW_"); }

Found CheckAuthFlows(const ClientSettings& settings, const Pool& pool) {
    if (!HasItems(settings.explicit_auth_flows)) return std::nullopt;
    const auto& flows = *settings.explicit_auth_flows;
    const auto old = std::count_if(flows.begin(), flows.end(), IsOldName);
    if (old != 0 && old != static_cast<std::ptrdiff_t>(flows.size()))
        return InvalidParameter("Both old ExplicitAuthFlows and new ExplicitAuthFlows cannot be used together");
    if (Contains(settings.explicit_auth_flows, ExplicitAuthFlow::kAllowUserAuth) &&
        pool.user_pool_tier == PoolTier::kLite)
        return Fault{Error::kFeatureUnavailableInTier, "ALLOW_USER_AUTH is not available in the LITE tier."};
    return std::nullopt;
}

Found CheckRotation(const ClientSettings& settings) {
    if (!settings.refresh_token_rotation || settings.refresh_token_rotation->feature != Feature::kEnabled)
        return std::nullopt;
    if (Contains(settings.explicit_auth_flows, ExplicitAuthFlow::kAllowRefreshTokenAuth))
        return InvalidParameter("ALLOW_REFRESH_TOKEN_AUTH cannot be used while refresh token rotation is enabled.");
    return std::nullopt;
}

// Lists name what the schema has; a write list has nothing of the service's own, and all that is required.
Found CheckAttributeLists(const ClientSettings& settings, const Pool& pool) {
    const auto known = [&](const std::string& name) {
        return FindSchema(pool, name) != nullptr && !name.starts_with("dev:");
    };
    if (settings.read_attributes &&
        !std::all_of(settings.read_attributes->begin(), settings.read_attributes->end(), known))
        return InvalidParameter("Invalid read attributes specified while creating a client");
    if (!settings.write_attributes) return std::nullopt;
    const auto fault = InvalidParameter("Invalid write attributes specified while creating a client");
    Client client;
    static_cast<ClientSettings&>(client) = settings;
    for (const std::string& name : *settings.write_attributes)
        if (!known(name) || !CanWrite(client, pool, name)) return fault;
    for (const std::string& name : MissingRequired(pool, {}))
        if (!Contains(settings.write_attributes, name)) return fault;
    return std::nullopt;
}

// Absolute, without fragment; https, an application's own scheme, or http to the machine itself
// (fact sheet OAuth, CallbackURLs).
Found CheckUrl(const std::string& url) {
    const std::size_t colon = url.find(':');
    const auto is_scheme_character = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '+' || c == '-' ||
               c == '.';
    };
    const bool absolute =
        colon != std::string::npos && colon > 0 && colon + 1 < url.size() &&
        std::all_of(url.begin(), url.begin() + static_cast<std::ptrdiff_t>(colon), is_scheme_character);
    if (!absolute) return InvalidParameter("Invalid URL " + url + ": it must be absolute.");
    if (url.find('#') != std::string::npos) return InvalidParameter(url + " cannot have a fragment.");
    std::string scheme = url.substr(0, colon);
    for (char& c : scheme)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    if (scheme == "javascript" || scheme == "data" || scheme == "vbscript" || scheme == "file")
        return InvalidParameter(url + " cannot use the " + scheme + " scheme.");
    if (scheme != "http" && scheme != "https") return std::nullopt;
    const std::string rest = url.substr(colon + 1);
    if (!rest.starts_with("//")) return InvalidParameter("Invalid URL " + url + ": it must be absolute.");
    const std::string authority = rest.substr(2, rest.find_first_of("/?", 2) - 2);
    if (authority.empty() || authority.find('@') != std::string::npos)
        return InvalidParameter("Invalid URL " + url + ": its host is missing or comes with a user.");
    if (scheme == "https") return std::nullopt;
    for (const std::string_view host : {"localhost", "127.0.0.1", "[::1]"})
        if (authority == host || authority.starts_with(std::string(host) + ":")) return std::nullopt;
    return InvalidParameter(url + " cannot use the HTTP protocol.");
}

Found CheckUrls(const ClientSettings& settings) {
    for (const auto* list : {&settings.callback_urls, &settings.logout_urls}) {
        if (!*list) continue;
        for (const std::string& url : **list)
            if (auto fault = CheckUrl(url)) return fault;
    }
    if (settings.default_redirect_uri && !Contains(settings.callback_urls, *settings.default_redirect_uri))
        return InvalidParameter("DefaultRedirectURI must be one of CallbackURLs.");
    return std::nullopt;
}

Found CheckScopes(const ClientSettings& settings) {
    if (!settings.allowed_oauth_scopes) return std::nullopt;
    for (const std::string& scope : *settings.allowed_oauth_scopes)
        // Other scopes belong to a resource server, and a pool of this build has none.
        if (std::find(std::begin(kStandardScopes), std::end(kStandardScopes), scope) == std::end(kStandardScopes))
            return Fault{Error::kScopeDoesNotExist, "Invalid scope requested: " + scope};
    return std::nullopt;
}

Fault InvalidFlow(std::string message) { return {Error::kInvalidOAuthFlow, std::move(message)}; }

Found CheckOAuthFlows(const ClientSettings& settings, bool has_secret) {
    const bool allowed = settings.allowed_oauth_flows_user_pool_client.value_or(false);
    if (allowed && (!HasItems(settings.allowed_oauth_flows) || !HasItems(settings.allowed_oauth_scopes)))
        return InvalidFlow(
            "AllowedOAuthFlows and AllowedOAuthScopes are required if user pool client is allowed to use OAuth flows.");
    if (!HasItems(settings.allowed_oauth_flows)) return std::nullopt;
    if (!allowed) return InvalidFlow("AllowedOAuthFlowsUserPoolClient must be true to use AllowedOAuthFlows.");
    const bool people = Contains(settings.allowed_oauth_flows, OAuthFlow::kCode) ||
                        Contains(settings.allowed_oauth_flows, OAuthFlow::kImplicit);
    const bool machines = Contains(settings.allowed_oauth_flows, OAuthFlow::kClientCredentials);
    if (people && machines)
        return InvalidFlow("client_credentials flow can not be selected along with code flow or implicit flow.");
    if (machines && !has_secret)
        return InvalidFlow("client_credentials flow can not be selected if client does not have a client secret.");
    if (machines) return InvalidFlow("client_credentials flow can only be selected with custom scopes.");
    if (!HasItems(settings.callback_urls)) return InvalidFlow("CallbackURLs are required for code and implicit flow.");
    return std::nullopt;
}

Found CheckProviders(const ClientSettings& settings, const Pool& pool) {
    if (!settings.supported_identity_providers) return std::nullopt;
    for (const std::string& provider : *settings.supported_identity_providers)
        if (provider != "COGNITO")
            return InvalidParameter("The provider " + provider + " does not exist for User Pool " + pool.id.Text() +
                                    ".");
    return std::nullopt;
}

}  // namespace

void CompleteClientSettings(ClientSettings& settings) {
    // 30 days, in whatever unit the client counts.
    if (settings.refresh_token_validity.value_or(0) == 0) {
        constexpr int kPerDay[] = {86400, 1440, 24, 1};
        const auto units = settings.token_validity_units.value_or(TokenValidityUnits{}).refresh_token;
        settings.refresh_token_validity =
            kDefaultRefreshDays * kPerDay[static_cast<std::size_t>(units.value_or(TimeUnits::kDays))];
    }
    if (!settings.allowed_oauth_flows_user_pool_client) settings.allowed_oauth_flows_user_pool_client = false;
    if (!settings.enable_token_revocation) settings.enable_token_revocation = true;
    if (!settings.enable_propagate_additional_user_context_data)
        settings.enable_propagate_additional_user_context_data = false;
    if (!settings.auth_session_validity) settings.auth_session_validity = kDefaultAuthSessionMinutes;
    if (settings.refresh_token_rotation && !settings.refresh_token_rotation->retry_grace_period_seconds)
        settings.refresh_token_rotation->retry_grace_period_seconds = 0;
    // An empty list is no list, as AWS keeps it (fact sheet user pools A.2): of attributes it would leave the client
    // nothing to read or write, of flows no way in.
    for (auto* list : {&settings.read_attributes, &settings.write_attributes, &settings.supported_identity_providers,
                       &settings.callback_urls, &settings.logout_urls, &settings.allowed_oauth_scopes})
        DropEmpty(*list);
    DropEmpty(settings.explicit_auth_flows);
    DropEmpty(settings.allowed_oauth_flows);
}

std::optional<Fault> CheckClientSettings(const ClientSettings& settings, const Pool& pool, bool has_secret) {
    if (auto fault = CheckLifetimes(settings)) return fault;
    if (auto fault = CheckAuthFlows(settings, pool)) return fault;
    if (auto fault = CheckRotation(settings)) return fault;
    if (auto fault = CheckAttributeLists(settings, pool)) return fault;
    if (auto fault = CheckUrls(settings)) return fault;
    if (auto fault = CheckScopes(settings)) return fault;
    if (auto fault = CheckOAuthFlows(settings, has_secret)) return fault;
    if (auto fault = CheckProviders(settings, pool)) return fault;
    if (settings.analytics_configuration) return NotInThisBuild("AnalyticsConfiguration");
    if (settings.enable_propagate_additional_user_context_data.value_or(false) && !has_secret)
        return InvalidParameter(
            "EnablePropagateAdditionalUserContextData can only be true for a client with a secret.");
    return std::nullopt;
}

}  // namespace cardea

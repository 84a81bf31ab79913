using SalesBrain.Core.Access;
using SalesBrain.Core.Webhooks.Endpoints;
using SalesBrain.Data.Audit;
using SalesBrain.Data.Sessions;
using SalesBrain.Data.Webhooks.Endpoints;

namespace SalesBrain.Functions.Webhooks.Endpoints;

/// <summary>The audit log entries for changes to endpoints. They contain only the last four characters of secrets.</summary>
internal static class EndpointAudit
{
    internal static Task WriteAsync(
        DatabaseSession session, Call call, string action, WebhookEndpointRow endpoint, DateTimeOffset now, object changes) =>
        AuditLog.WriteAsync(
            session,
            new AuditEntry(
                action, "webhook_endpoint", endpoint.Id, endpoint.OrganizationId, call.Caller.UserId, call.Caller.Role.Name(), now, call.RemoteAddress, changes),
            call.CancellationToken);

    /// <summary>What people may set, by the names of the API.</summary>
    internal static Dictionary<string, object?> Facts(WebhookEndpointRow row) => new(StringComparer.Ordinal)
    {
        ["source"] = row.Source,
        ["name"] = row.Name,
        ["auth_mode"] = row.AuthMode,
        ["auth_settings"] = row.AuthSettings,
        ["token_last4"] = row.TokenLast4,
        ["secret_last4"] = row.SecretLast4,
        ["status"] = row.Status,
        ["expect_every"] = row.ExpectEverySeconds is { } seconds ? SilenceRules.Format(TimeSpan.FromSeconds(seconds)) : null,
    };

    /// <summary>The facts that differ, before and after.</summary>
    internal static (Dictionary<string, object?> Before, Dictionary<string, object?> After) Difference(WebhookEndpointRow before, WebhookEndpointRow after)
    {
        var (old, changed) = (Facts(before), Facts(after));
        var names = old.Keys.Where(name => old[name]?.ToString() != changed[name]?.ToString()).ToList();
        return (Only(old), Only(changed));

        Dictionary<string, object?> Only(Dictionary<string, object?> facts) =>
            names.ToDictionary(name => name, name => facts[name], StringComparer.Ordinal);
    }
}

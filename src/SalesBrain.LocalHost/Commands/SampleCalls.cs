using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Npgsql;
using SalesBrain.LocalHost.Demo;
using SalesBrain.LocalHost.Development;

namespace SalesBrain.LocalHost.Commands;

/// <summary>Commands to paste into a terminal.</summary>
internal static class SampleCalls
{
    /// <summary>A reply as sent by Instantly, from a contact and in a campaign that do not exist yet.</summary>
    internal static string SendWebhook(string root, string token, DateTimeOffset now) =>
        Post($"{root}/api/webhooks/instantly/{token}", new JsonObject
        {
            ["timestamp"] = now.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ"),
            ["event_type"] = "reply_received",
            ["workspace"] = "8f3e798e-0000-4000-8000-000000000001",
            ["campaign_id"] = "4ea94d08-0000-4000-8000-000000000002",
            ["unibox_url"] = "https://app.instantly.ai/app/unibox?thread_search=lead@prospect.example",
            ["campaign_name"] = "My first campaign",
            ["email_account"] = "sender@acme.example",
            ["reply_text_snippet"] = "Yes please, thanks!",
            ["is_first"] = true,
            ["lead_email"] = "lead@prospect.example",
            ["email"] = "lead@prospect.example",
            ["phone"] = "+27000000000",
            ["website"] = "",
            ["campaign"] = "4ea94d08-0000-4000-8000-000000000002",
            ["lastName"] = "Lead",
            ["firstName"] = "Sample",
            ["companyName"] = "Prospect Ltd",
            ["personalization"] = "",
            ["step"] = 1,
            ["variant"] = 2,
            ["reply_subject"] = "Re: meeting minutes question",
            ["reply_text"] = "Yes please, thanks!\n\n> Hello Sample",
            ["reply_html"] = "<div dir=\"auto\">Yes please, thanks!</div>",
        });

    internal static string SignIn(string root, string email) =>
        Post($"{root}/api/v1/auth/login", new JsonObject { ["email"] = email, ["password"] = DemoData.Password });

    /// <summary>Letters and digits need no quotes in any shell.</summary>
    internal static string OpenLink(string root, string token) => $"curl -sS {root}/api/admin/onboarding/o/{token}";

    /// <summary>Where the embedded database is, without its password.</summary>
    internal static string DatabaseOf(DatabaseConnections connections)
    {
        var owner = new NpgsqlConnectionStringBuilder(connections.Owner);
        return $"postgresql://{owner.Username}@{owner.Host}:{owner.Port}/{owner.Database} (passwords in .local/development-secrets.json)";
    }

    private static string Post(string url, JsonObject body)
    {
        var json = body.ToJsonString(new JsonSerializerOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        // Bodies hold no apostrophe. cmd and PowerShell 7 both understand the doubled form.
        return OperatingSystem.IsWindows()
            ? $"curl -sS \"{url}\" -H \"Content-Type: application/json\" -d "
                + $"\"{json.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\""
            : $"curl -sS '{url}' \\\n  -H 'Content-Type: application/json' \\\n  -d '{json}'";
    }
}

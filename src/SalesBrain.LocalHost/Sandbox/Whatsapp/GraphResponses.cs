using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace SalesBrain.LocalHost.Sandbox.Whatsapp;

/// <summary>What Meta's Graph API answers: errors, pages of lists, numbers and templates.</summary>
internal static class GraphResponses
{
    internal static IResult? FailureOf(WhatsappSandboxAccount account, string call) =>
        !account.Failures.TryGetValue(call, out var failure) ? null
        : failure.Code is { } code ? Error(failure.Status, code, $"(#{code}) Failed")
        : Results.Content("<html><body>Failed</body></html>", "text/html", Encoding.UTF8, failure.Status);

    internal static IResult Page503() =>
        Results.Content("<html><body><h1>Service Unavailable</h1></body></html>", "text/html", Encoding.UTF8, 503);

    internal static IResult NotFound(string id) =>
        Error(
            404, 100,
            $"Unsupported request. Object with ID '{id}' does not exist, cannot be loaded due to missing permissions, or does not "
            + "support this operation.",
            subcode: 33);

    internal static IResult Error(int status, int code, string message, string? details = null, int? subcode = null)
    {
        var error = new JsonObject { ["message"] = message, ["type"] = "OAuthException", ["code"] = code };
        if (details is not null)
        {
            error["error_data"] = new JsonObject { ["messaging_product"] = "whatsapp", ["details"] = details };
        }
        if (subcode is not null)
        {
            error["error_subcode"] = subcode;
        }
        error["fbtrace_id"] = "SANDBOXTRACE";
        return Results.Json(new JsonObject { ["error"] = error }, statusCode: status);
    }

    /// <summary>A page of a list. As at Meta, the last page has a cursor too.</summary>
    internal static IResult Page(HttpRequest request, WhatsappSandboxAccount account, List<JsonObject> items)
    {
        var size = Math.Min(int.TryParse(request.Query["limit"], out var limit) ? limit : 25, account.PageSize);
        var start = int.TryParse(request.Query["after"], out var after) ? after : 0;
        var page = items.Skip(start).Take(size).ToList();
        var json = new JsonObject { ["data"] = new JsonArray([.. page]) };
        if (page.Count > 0)
        {
            json["paging"] = new JsonObject
            {
                ["cursors"] = new JsonObject { ["after"] = (start + page.Count).ToString(CultureInfo.InvariantCulture) },
            };
        }
        return Results.Json(json);
    }

    internal static JsonObject Describe(WhatsappSandboxNumber number) => new()
    {
        ["id"] = number.Id,
        ["display_phone_number"] = number.DisplayNumber,
        ["verified_name"] = number.VerifiedName,
        ["quality_rating"] = number.Quality,
        ["status"] = "LINKED",
    };

    internal static JsonObject Describe(WhatsappSandboxTemplate template) => new()
    {
        ["id"] = $"{template.Name}.{template.Language}",
        ["name"] = template.Name,
        ["language"] = template.Language,
        ["status"] = template.Status,
        ["category"] = template.Category,
        ["components"] = template.HasComponents
            ? new JsonArray(new JsonObject { ["type"] = "BODY", ["text"] = template.Body })
            : new JsonObject(),
    };

    internal static async Task<JsonObject?> ReadAsync(HttpRequest request)
    {
        try
        {
            return await JsonNode.ParseAsync(request.Body) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

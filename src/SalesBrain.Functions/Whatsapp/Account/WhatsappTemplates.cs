using System.Text.Json;
using SalesBrain.Core.Whatsapp;
using SalesBrain.Data.Sessions;
using SalesBrain.Data.Whatsapp.Account;
using SalesBrain.Integrations.Whatsapp;

namespace SalesBrain.Functions.Whatsapp.Account;

/// <summary>The templates of an account, kept in the database for a while. As the platform, because agents ask for them too.</summary>
public sealed class WhatsappTemplates(SalesBrainDatabase database, IWhatsappApi whatsapp)
{
    private const string Approved = "APPROVED";

    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>How long templates are kept.</summary>
    internal static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    /// <summary>The kept templates.</summary>
    internal static IReadOnlyList<ApprovedTemplate> Read(JsonElement templates) => templates.Deserialize<List<ApprovedTemplate>>(Json)!;

    /// <summary>Asks Meta for the templates and keeps the approved ones. Returns why that failed, or null.</summary>
    internal async Task<GraphFailure?> RefreshAsync(
        StoredWhatsappAccount account, string token, DateTime now, CancellationToken cancellationToken)
    {
        var result = await whatsapp.ListTemplatesAsync(token, account.WabaId, cancellationToken);
        if (result.Value is not { } templates)
        {
            return result.Failure;
        }
        var approved = templates.Where(template => template.Status == Approved)
            .OrderBy(template => template.Name, StringComparer.Ordinal).ThenBy(template => template.Language, StringComparer.Ordinal)
            .Select(template => new ApprovedTemplate(template.Name, template.Language, template.Category, template.Components?.EnumerateArray().ToList()));
        await WhatsappAccounts.SetTemplatesAsync(
            database.AutoCommitPlatform(), account, JsonSerializer.SerializeToElement(approved, Json), now, cancellationToken);
        return null;
    }

    /// <summary>Stores that the token of an account that works cannot be decrypted. As the sender does.</summary>
    internal Task NoteUnreadableTokenAsync(StoredWhatsappAccount account, DateTime now, CancellationToken cancellationToken) =>
        WhatsappAccounts.SetNeedsReconnectAsync(
            database.AutoCommitPlatform(), account, WhatsappErrors.TokenUnreadableCode, WhatsappErrors.TokenUnreadable.Sentence, now, cancellationToken);

    /// <summary>Stores that Meta refused a call of an account that works.</summary>
    internal Task NoteRefusalAsync(StoredWhatsappAccount account, GraphFailure failure, DateTime now, CancellationToken cancellationToken)
    {
        var (code, error) = (failure.Code?.ToString() ?? "refused", failure.Error);
        return error.NeedsReconnect
            ? WhatsappAccounts.SetNeedsReconnectAsync(database.AutoCommitPlatform(), account, code, error.Sentence, now, cancellationToken)
            : WhatsappAccounts.SetErrorAsync(database.AutoCommitPlatform(), account, code, error.Sentence, now, cancellationToken);
    }
}

/// <summary>A template that Meta has approved.</summary>
/// <param name="Name">With the language, what a message names.</param>
/// <param name="Language">Such as <c>en_US</c>.</param>
/// <param name="Category">Such as <c>UTILITY</c> or <c>MARKETING</c>.</param>
/// <param name="Components">Meta's description of header, body, footer and buttons.</param>
public sealed record ApprovedTemplate(string Name, string Language, string? Category, IReadOnlyList<JsonElement>? Components);

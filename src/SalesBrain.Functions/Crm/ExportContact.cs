using System.Text.Json;
using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Access;
using SalesBrain.Core.Crm;
using SalesBrain.Data.Crm;
using SalesBrain.Functions.Http.Exports;

namespace SalesBrain.Functions.Crm;

/// <summary>Exports everything kept about a person, for the person's own request. For callers who run the organization.</summary>
public sealed class ExportContact(RequestPipeline pipeline, ExportLimits limits)
{
    [Function(nameof(ExportContact))]
    [Operation("Contacts", "Export everything kept about a person", TimeLimitSeconds = 600, Description =
        "A JSON file for a data subject's request: the contact with former addresses and merged contacts, all leads, also deleted ones, "
        + "activities, conversations with their messages, webhook logs with payloads and headers, also rejected ones that name an address "
        + "of the person, assignments, notifications and audit entries. Rows have the names of the stored columns. At most 100,000 rows of "
        + "a kind. The audit log says that it was exported. Clients that read too slowly are disconnected.")]
    [Requires(Capability.EraseContacts)]
    [Returns(200, typeof(ContactExport), Bare = true)]
    [Returns(301)]
    [Problems("not_found", "too_many_exports")]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/v1/contacts/{contactId:guid}/export")] HttpRequest request,
        Guid contactId) =>
        pipeline.RunAsync<ExportContact>(request, async call =>
        {
            if (await Contacts.FindAsync(call.Read(), contactId, call.CancellationToken) is not { } contact)
            {
                return await MissingContact.RedirectAsync(call, contactId, "/export");
            }
            // First: an export without an entry must not exist, but an entry without its export is harmless.
            await using (var session = await call.WriteAsync())
            {
                await call.AuditAsync(session, "contact.exported", "contact", contact.Id, contact.OrganizationId, new { });
                await session.CommitAsync();
            }
            return new ExportResult(
                limits, call.Caller.OrganizationId, "application/json; charset=utf-8",
                $"contact_{contact.Id}_{call.Now:yyyyMMdd_HHmmss}.json",
                (body, token) => WriteAsync(call, contact, body, JsonResponse.OptionsFor(request), token));
        });

    /// <summary>Writes the file in parts, each read when the one before it has been sent.</summary>
    private static async Task WriteAsync(
        Call call, Contact contact, Stream body, JsonSerializerOptions options, CancellationToken cancellationToken)
    {
        using var chunk = new ExportChunk(body);
        var first = JsonSerializer.SerializeToUtf8Bytes(await ContactExports.ReadAsync(call.Read(), contact, cancellationToken), options);
        // Without the closing brace: the long parts follow.
        chunk.Buffer.Write(first.AsSpan(0, first.Length - 1));
        var messages = ContactExports.ReadMessagesAsync(call.Read(), contact, cancellationToken);
        await WriteAsync(chunk, nameof(ContactExport.Messages), messages, options, cancellationToken);
        var activities = ContactExports.ReadActivitiesAsync(call.Read(), contact, cancellationToken);
        await WriteAsync(chunk, nameof(ContactExport.Activities), activities, options, cancellationToken);
        var logs = ContactExports.ReadWebhookLogsAsync(call.Read(), contact, cancellationToken);
        await WriteAsync(chunk, nameof(ContactExport.WebhookLogs), logs, options, cancellationToken);
        var addresses = await ErasedContacts.GetAddressesAsync(call.Read(), contact, cancellationToken);
        string[] spellings = [.. addresses.SelectMany(AddressSpellings.Of)];
        var mentions = ContactExports.ReadWebhookMentionsAsync(call.Read(), contact, spellings, cancellationToken);
        await WriteAsync(chunk, nameof(ContactExport.WebhookMentions), mentions, options, cancellationToken);
        var rejections = ContactExports.ReadRejectionsAsync(call.Read(), contact, spellings, cancellationToken);
        await WriteAsync(chunk, nameof(ContactExport.WebhookRejections), rejections, options, cancellationToken);
        var entries = ContactExports.ReadAuditEntriesAsync(call.Read(), contact, cancellationToken);
        await WriteAsync(chunk, nameof(ContactExport.AuditEntries), entries, options, cancellationToken);
        chunk.Buffer.Write("}\n"u8);
        await chunk.SendAsync(cancellationToken);
    }

    private static async Task WriteAsync<T>(
        ExportChunk chunk, string member, IAsyncEnumerable<IReadOnlyList<T>> pages, JsonSerializerOptions options, CancellationToken cancellationToken)
    {
        chunk.Buffer.Write(",\n"u8);
        JsonSerializer.Serialize(chunk.Buffer, options.PropertyNamingPolicy!.ConvertName(member), options);
        chunk.Buffer.Write(": ["u8);
        var separator = "\n"u8.ToArray();
        await foreach (var page in pages.WithCancellation(cancellationToken))
        {
            foreach (var row in page)
            {
                chunk.Buffer.Write(separator);
                separator = ",\n"u8.ToArray();
                JsonSerializer.Serialize(chunk.Buffer, row, options);
            }
            await chunk.SendAsync(cancellationToken);
        }
        chunk.Buffer.Write("]"u8);
    }
}

/// <summary>Everything kept about one person. Rows have the names of the stored columns.</summary>
public sealed record ContactExport
{
    public JsonElement Contact { get; init; }

    /// <summary>Addresses of contacts that were merged into this one.</summary>
    public IReadOnlyList<string> FormerAddresses { get; init; } = [];
    public IReadOnlyList<FormerContact> MergedContacts { get; init; } = [];

    /// <summary>All leads, also deleted ones.</summary>
    public IReadOnlyList<JsonElement> Leads { get; init; } = [];
    public IReadOnlyList<JsonElement> Assignments { get; init; } = [];

    /// <summary>Each with the history of its assignments.</summary>
    public IReadOnlyList<JsonElement> Conversations { get; init; } = [];

    /// <summary>Notifications that users received about the person.</summary>
    public IReadOnlyList<JsonElement> Notifications { get; init; } = [];

    /// <summary>The messages of all conversations.</summary>
    public IReadOnlyList<JsonElement> Messages { get; init; } = [];
    public IReadOnlyList<JsonElement> Activities { get; init; } = [];
    public IReadOnlyList<ExportedWebhook> WebhookLogs { get; init; } = [];

    /// <summary>Events that are about nobody, and failed or ignored ones, whose payloads name an address of the person.</summary>
    public IReadOnlyList<ExportedWebhook> WebhookMentions { get; init; } = [];

    /// <summary>Rejected deliveries whose bodies name an address of the person.</summary>
    public IReadOnlyList<ExportedRejection> WebhookRejections { get; init; } = [];
    public IReadOnlyList<JsonElement> AuditEntries { get; init; } = [];
}

using SalesBrain.Data.Crm;

namespace SalesBrain.Functions.Crm;

/// <summary>The response to a request about a contact that does not exist: it may have been merged into another one.</summary>
internal static class MissingContact
{
    /// <summary>301 to the contact that it was merged into, or 404.</summary>
    internal static async Task<IResult> RedirectAsync(Call call, Guid contactId, string suffix = "") =>
        await Contacts.FindForwardingAsync(call.Read(), contactId, call.CancellationToken) is { } current
            ? ApiResults.Moved($"/api/v1/contacts/{current}{suffix}")
            : Problems.NotFound;

    /// <summary>409 that names the contact that it was merged into, or 404.</summary>
    internal static async Task<Problem> ProblemAsync(Call call, Guid contactId) =>
        await Contacts.FindForwardingAsync(call.Read(), contactId, call.CancellationToken) is { } current
            ? Problems.ContactMerged.Because($"The contact was merged into the contact {current}.") with { ExistingId = current }
            : Problems.NotFound;
}

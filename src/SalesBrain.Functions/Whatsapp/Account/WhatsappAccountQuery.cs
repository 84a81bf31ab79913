namespace SalesBrain.Functions.Whatsapp.Account;

public sealed record WhatsappAccountQuery
{
    /// <summary>The organization of the account. Required only for platform operators.</summary>
    public Guid? OrganizationId { get; init; }
}

/// <summary>Requests about the account of one organization.</summary>
internal static class WhatsappAccountCalls
{
    /// <summary>Handles a request with the organization that the caller belongs to or, for platform operators, names.</summary>
    internal static async Task<IResult> ForOrganizationAsync(this Call call, Guid? named, Func<Guid, Task<IResult>> handle)
    {
        var errors = new InputErrors();
        var organizationId = call.Caller.OrganizationFor(named, errors);
        return errors.Any ? Problems.InvalidInput(errors) : await handle(organizationId);
    }
}

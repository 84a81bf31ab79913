namespace SalesBrain.Functions.Whatsapp.Account;

public sealed record WhatsappAccountQuery
{
    /// <summary>The organization of the account. Required only for platform operators.</summary>
    public Guid? OrganizationId { get; init; }
}

/// <summary>Requests about the account of one organization.</summary>
internal static class WhatsappAccountCalls
{
    /// <summary>Runs an endpoint with the organization that the caller belongs to or, for platform operators, names.</summary>
    internal static Task<IResult> RunAsync<TEndpoint>(this RequestPipeline pipeline, HttpRequest request, Func<Call, Guid, Task<IResult>> handle) =>
        pipeline.RunAsync<TEndpoint, WhatsappAccountQuery>(request, async (call, input) =>
        {
            var errors = new InputErrors();
            var organizationId = call.Caller.OrganizationFor(input.OrganizationId, errors);
            return errors.Any ? Problems.InvalidInput(errors) : await handle(call, organizationId);
        });
}

namespace SalesBrain.Functions.Http;

/// <summary>Whose a new thing is.</summary>
internal static class OrganizationInput
{
    /// <summary>The caller's own organization; platform operators have none and name one. What is wrong gathers in <paramref name="errors"/>.</summary>
    internal static Guid Of(Caller caller, Guid? named, InputErrors errors)
    {
        if (caller.OrganizationId is { } own)
        {
            if (named is { } other && other != own)
            {
                errors.Add("organization_id", "must be your own organization");
            }
            return own;
        }
        if (named is null)
        {
            errors.Add("organization_id", "is required: you belong to no organization");
        }
        return named.GetValueOrDefault();
    }
}

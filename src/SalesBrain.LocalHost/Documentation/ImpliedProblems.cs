using Microsoft.AspNetCore.Http;
using SalesBrain.Functions.Http;
using SalesBrain.Functions.Http.Responses;

namespace SalesBrain.LocalHost.Documentation;

/// <summary>Problems that an endpoint does not declare, because the request pipeline returns them for every endpoint of its kind.</summary>
internal static class ImpliedProblems
{
    internal static IEnumerable<Problem> Of(DocumentedEndpoint endpoint)
    {
        if (endpoint.Caller is not AnyoneAttribute)
        {
            yield return Problems.Unauthorized;
            yield return Problems.Forbidden;
        }
        if (endpoint.PathParameters.Count > 0)
        {
            yield return Problems.NotFound;
        }
        if (endpoint.BodyTypes.Count > 0)
        {
            yield return Problems.NotJson;
            yield return Problems.NotAnObject;
            yield return Problems.PayloadTooLarge;
            yield return Problems.UnsupportedMediaType;
        }
        // A change that takes no query parameters refuses them.
        if (endpoint.Input is not null || (endpoint.Caller is not AnyoneAttribute && !HttpMethods.IsGet(endpoint.Method)))
        {
            yield return Problems.Invalid;
        }
        yield return Problems.Internal;
        yield return Problems.DatabaseUnavailable;
        yield return Problems.TimedOut;
    }
}

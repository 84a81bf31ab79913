using System.Net;

namespace SalesBrain.Integrations.Outbound;

/// <summary>What a status means, for all sources. Vendors that differ look first.</summary>
internal static class VendorErrors
{
    internal static SourceException Of(OutboundResponse response, string source) => (int)response.Status switch
    {
        401 => new(SourceErrors.InvalidCredentials, $"{source} refuses the credentials."),
        402 => new(SourceErrors.QuotaExhausted, $"The account at {source} has no credits left.", response.RetryAfter),
        403 => new(
            SourceErrors.ForbiddenPlan,
            $"{source} does not allow this request: the account's plan or the key's permissions do not include it."),
        404 or 410 => new(SourceErrors.NotFound, $"{source} does not find the requested resource."),
        429 => new(SourceErrors.RateLimited, $"{source} limits the number of requests.", response.RetryAfter),
        408 => new(SourceErrors.Timeout, $"{source} did not respond in time."),
        >= 500 => new(SourceErrors.Unavailable, $"{source} is not available (status {(int)response.Status}).", response.RetryAfter),
        >= 400 => new(SourceErrors.BadRequest, $"{source} refuses the request (status {(int)response.Status})."),
        _ => new(SourceErrors.Schema, $"{source} returned an unexpected status ({(int)response.Status})."),
    };

    /// <summary>The response, if it is a success.</summary>
    internal static OutboundResponse OrThrow(this OutboundResponse response, string source) =>
        response.IsSuccess && response.Status != HttpStatusCode.NoContent ? response : throw Of(response, source);
}

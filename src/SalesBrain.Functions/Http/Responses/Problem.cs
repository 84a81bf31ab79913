using System.Text.Json.Serialization;

namespace SalesBrain.Functions.Http.Responses;

/// <summary>
/// An error response, RFC 9457 <c>application/problem+json</c>. An endpoint returns an entry of the catalogue <see cref="Problems"/>, with
/// a more specific detail if that helps the caller.
/// </summary>
public sealed record Problem(int Status, string Code, string Title, string Detail) : IResult
{
    /// <summary>For 422: the messages for each JSON path or parameter name.</summary>
    public IReadOnlyDictionary<string, string[]>? Errors { get; init; }

    /// <summary>The existing resource that the request conflicts with, if the caller can see it.</summary>
    public Guid? ExistingId { get; init; }

    /// <summary>Seconds for <c>Retry-After</c>.</summary>
    public int? RetryAfterSeconds { get; init; }

    /// <summary>The same problem with a more specific detail. Never use an exception's message.</summary>
    public Problem Because(string detail) => this with { Detail = detail };

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        if (Status == StatusCodes.Status401Unauthorized)
        {
            response.Headers.WWWAuthenticate = "Bearer";
        }
        if (RetryAfterSeconds is { } seconds)
        {
            response.Headers.RetryAfter = seconds.ToString();
        }
        if (Status == StatusCodes.Status415UnsupportedMediaType)
        {
            response.Headers.AcceptEncoding = "identity";
        }
        return JsonResponse.WriteAsync(httpContext, Status, new ProblemBody(this, TraceIds.Of(httpContext)), "application/problem+json");
    }

    /// <summary>An error (RFC 9457).</summary>
    internal sealed class ProblemBody(Problem problem, string traceId)
    {
        /// <summary><c>urn:salesbrain:problem:</c> followed by the code.</summary>
        public string Type => $"urn:salesbrain:problem:{problem.Code}";

        public string Title => problem.Title;

        public int Status => problem.Status;

        /// <summary>An explanation of this error, to display.</summary>
        public string Detail => problem.Detail;

        /// <summary>Stable error code for programs.</summary>
        public string Code => problem.Code;

        /// <summary>Identifies the request in the log.</summary>
        public string TraceId { get; } = traceId;

        /// <summary>With 422: the messages for each invalid field or parameter.</summary>
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public IReadOnlyDictionary<string, string[]>? Errors => problem.Errors;

        /// <summary>With some 409: the id of the existing resource that the request conflicts with, if the caller can see it.</summary>
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public Guid? ExistingId => problem.ExistingId;
    }
}

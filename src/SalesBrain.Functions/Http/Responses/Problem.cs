using System.Text.Json.Serialization;

namespace SalesBrain.Functions.Http.Responses;

/// <summary>
/// An error answer, RFC 9457 <c>application/problem+json</c>. The catalogue is <see cref="Problems"/>; an endpoint returns one of its
/// entries, with a sentence of its own where that helps the caller.
/// </summary>
public sealed record Problem(int Status, string Code, string Title, string Detail) : IResult
{
    /// <summary>For 422: JSON path or parameter name → what is wrong with it.</summary>
    public IReadOnlyDictionary<string, string[]>? Errors { get; init; }

    /// <summary>Seconds for <c>Retry-After</c>.</summary>
    public int? RetryAfterSeconds { get; init; }

    /// <summary>The same problem, told in a sentence that fits the case. Never an exception's text.</summary>
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
    }
}

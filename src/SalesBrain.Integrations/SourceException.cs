namespace SalesBrain.Integrations;

/// <summary>A source refused a request or answered in a form that the adapter does not understand.</summary>
/// <param name="code">One of <see cref="SourceErrors"/>.</param>
/// <param name="message">One sentence for the user. It holds no credential and no personal data.</param>
/// <param name="retryAfter">How long the vendor asks the caller to wait; null when it does not say.</param>
public sealed class SourceException(string code, string message, TimeSpan? retryAfter = null) : Exception(message)
{
    public string Code { get; } = code;

    public TimeSpan? RetryAfter { get; } = retryAfter;
}

/// <summary>The error codes that every adapter uses.</summary>
public static class SourceErrors
{
    public const string InvalidCredentials = "invalid_credentials";
    public const string ForbiddenPlan = "forbidden_plan";
    public const string RateLimited = "rate_limited";
    public const string QuotaExhausted = "quota_exhausted";
    public const string BadRequest = "bad_request";
    public const string NotFound = "not_found";
    public const string Unavailable = "unavailable";
    public const string Schema = "schema";
    public const string BlockedAddress = "blocked_address";
    public const string Timeout = "timeout";
}

/// <summary>What is wrong with a source's settings or credentials.</summary>
/// <param name="Field">The member, such as <c>credentials.api_key</c>.</param>
/// <param name="Code">A word for programs, as in the field errors of every request.</param>
/// <param name="Message">One sentence for the user, without the value.</param>
public sealed record SourceFormProblem(string Field, string Code, string Message);

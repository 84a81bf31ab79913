namespace SalesBrain.LocalHost.Sandbox;

/// <summary>
/// What a stand-in does, chosen by the credentials: <c>sandbox-key</c> works, <c>sandbox-plan</c> gets 403, and so on. Credentials that do
/// not begin with <c>sandbox-</c> are refused. docs/sources.md lists the modes.
/// </summary>
internal static class SandboxMode
{
    internal const string Prefix = "sandbox-";

    /// <summary>No credentials or wrong ones: 401.</summary>
    internal const string Bad = "bad";

    /// <summary>200 with <c>is_logged_in</c> false (Apollo); 401 elsewhere.</summary>
    internal const string SignedOut = "signedout";

    /// <summary>403.</summary>
    internal const string Plan = "plan";

    /// <summary>402.</summary>
    internal const string Quota = "quota";

    /// <summary>404.</summary>
    internal const string Missing = "missing";

    /// <summary>422.</summary>
    internal const string Invalid = "invalid";

    /// <summary>429 with <c>Retry-After: 7</c>.</summary>
    internal const string Rate = "rate";

    /// <summary>429 without <c>Retry-After</c>.</summary>
    internal const string RateSilent = "ratesilent";

    /// <summary>502 with an HTML page.</summary>
    internal const string Down = "down";

    /// <summary>Never a response.</summary>
    internal const string Hang = "hang";

    /// <summary>The same page for ever.</summary>
    internal const string Endless = "endless";

    /// <summary>A body larger than any client takes.</summary>
    internal const string Huge = "huge";

    /// <summary>200 with an HTML page.</summary>
    internal const string Garbage = "garbage";

    /// <summary>200 with JSON of another form.</summary>
    internal const string Wrong = "wrong";

    /// <summary>Two seconds per response.</summary>
    internal const string Slow = "slow";

    /// <summary>Every third request fails: with 429 and a second to wait, with 429 alone, with 502.</summary>
    internal const string Flaky = "flaky";

    /// <summary>Every second enrichment gets 502.</summary>
    internal const string Halfway = "halfway";

    /// <summary>A token is accepted twice, and refused from then on.</summary>
    internal const string Revoked = "revoked";

    /// <summary>The mode of a credential. Everything that begins with <see cref="Prefix"/> and names no mode works.</summary>
    internal static string Of(string? credential) =>
        credential?.StartsWith(Prefix, StringComparison.Ordinal) == true ? credential[Prefix.Length..].Split('-')[0] : Bad;
}

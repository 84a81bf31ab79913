using System.Text.RegularExpressions;

namespace SalesBrain.Tests.Conformance;

/// <summary>Takes out of a response what differs although the hosts do the same.</summary>
internal static partial class Masking
{
    /// <summary>
    /// Of responses about one thing: the trace id, when a report was made, the position of live updates, the random values of a sign-in,
    /// the time in the name of a file, the audit entries at the end of an export (each export adds one), and entity tags that name the
    /// build.
    /// </summary>
    internal static string Moment(string text)
    {
        text = TraceId().Replace(text, "\"trace_id\":\"…\"");
        text = AsOf().Replace(text, "\"as_of\":\"…\"");
        text = NextAfter().Replace(text, "\"next_after\":\"…\"");
        text = FileTime().Replace(text, "{time}.");
        text = SignIn().Replace(text, "…");
        text = AuditEntries().Replace(text, "\"audit_entries\":…");
        return BuildTag().Replace(text, "\"{tag of build}\"");
    }

    /// <summary>
    /// Of responses about two equal things also ids, times, durations, tokens, entity tags, the names that tests number, and whether an
    /// event that was just received has been processed yet.
    /// </summary>
    internal static string All(string text)
    {
        text = Moment(text);
        text = Time().Replace(text, "{time}");
        text = Id().Replace(text, "{id}");
        text = NumberedName().Replace(text, "{name}");
        text = PhoneNumber().Replace(text, "${name}\"…\"");
        text = EntityTag().Replace(text, "{version ${version}}");
        text = Token().Replace(text, "{token}");
        text = LastFour().Replace(text, "\"token_last4\":\"…\"");
        text = Processed().Replace(text, "\"status\":\"pending\"");
        return Duration().Replace(text, "${name}{ms}");
    }

    [GeneratedRegex("""
        "trace_id":\s*"[^"]*"
        """, RegexOptions.None, 1000)]
    private static partial Regex TraceId();

    /// <summary>The random values with which a sign-in of an agent begins.</summary>
    [GeneratedRegex(@"(?<=[?&]state=|[?&]code_challenge=|salesbrain-sign-in=)[A-Za-z0-9._-]+", RegexOptions.None, 1000)]
    private static partial Regex SignIn();

    /// <summary>When a report was made, or a list was fetched.</summary>
    [GeneratedRegex("""
        "(as_of|fetched_at)":\s*"[^"]*"
        """, RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex AsOf();

    /// <summary>How far live updates have come.</summary>
    [GeneratedRegex("""
        "next_after":\s*"[^"]*"
        """, RegexOptions.None, 1000)]
    private static partial Regex NextAfter();

    /// <summary>
    /// A hash of 16 bytes; the list of webhook logs makes one of its version and of the build, and the two hosts are two builds.
    /// </summary>
    [GeneratedRegex("""
        ^"[A-Za-z0-9_-]{22}"$
        """, RegexOptions.None, 1000)]
    private static partial Regex BuildTag();

    [GeneratedRegex("""
        "status":\s*"(processed|ignored)"
        """, RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Processed();

    [GeneratedRegex("""
        "token_last4":\s*"[^"]*"
        """, RegexOptions.None, 1000)]
    private static partial Regex LastFour();

    [GeneratedRegex(@"\d{8}_\d{6}\.", RegexOptions.None, 1000)]
    private static partial Regex FileTime();

    [GeneratedRegex(@"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Time();

    [GeneratedRegex("[0-9a-fA-F]{8}-?([0-9a-fA-F]{4}-?){3}[0-9a-fA-F]{12}", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Id();

    [GeneratedRegex("""
        "audit_entries":.*
        """, RegexOptions.Singleline, 1000)]
    private static partial Regex AuditEntries();

    [GeneratedRegex(@"(org-|[a-z_]+\.)\d+[-.][0-9a-f]{6}|\b(Campaign|Source) [0-9a-f]{6}\b", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex NumberedName();

    /// <summary>Numbers that tests make up: of people, of accounts at a vendor.</summary>
    [GeneratedRegex("""
        (?<name>"(peer_id|to|phone|waba_id|phone_number_id|display_number|code)":\s*)"[+0-9 -]+"
        """, RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex PhoneNumber();

    [GeneratedRegex(@"\b[0-9a-f]{12}\.(?<version>\d+)\.[A-Za-z0-9_-]{12}", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex EntityTag();

    [GeneratedRegex(@"(?=[a-z_.-]*[A-Z0-9])[A-Za-z0-9_.+/-]{32,}=*", RegexOptions.None, 1000)]
    private static partial Regex Token();

    [GeneratedRegex("""
        (?<name>"[a-z_]*_ms":\s*)\d+
        """, RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Duration();
}

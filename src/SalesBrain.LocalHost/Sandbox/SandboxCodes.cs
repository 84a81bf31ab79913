using System.Collections.Concurrent;

namespace SalesBrain.LocalHost.Sandbox;

/// <summary>Codes that a sign-in gives: each works once, and for a while.</summary>
internal sealed class SandboxCodes<T>(TimeProvider clock, TimeSpan lifetime)
    where T : class
{
    private readonly ConcurrentDictionary<string, Issued> _issued = new(StringComparer.Ordinal);

    internal void Add(string code, T subject) => _issued[code] = new Issued(subject, clock.GetUtcNow());

    /// <summary>Uses a code up. <paramref name="subject"/> is what it was issued for, null unless it is valid.</summary>
    internal SandboxCodeState Take(string code, out T? subject)
    {
        subject = null;
        if (!_issued.TryGetValue(code, out var issued))
        {
            return SandboxCodeState.Unknown;
        }
        if (Interlocked.Exchange(ref issued.Used, 1) == 1)
        {
            return SandboxCodeState.Used;
        }
        if (clock.GetUtcNow() - issued.At > lifetime)
        {
            return SandboxCodeState.Expired;
        }
        subject = issued.Subject;
        return SandboxCodeState.Valid;
    }

    private sealed class Issued(T subject, DateTimeOffset at)
    {
        internal int Used;

        internal T Subject { get; } = subject;

        internal DateTimeOffset At { get; } = at;
    }
}

/// <summary>What a code is worth.</summary>
internal enum SandboxCodeState
{
    Unknown,
    Used,
    Expired,
    Valid,
}

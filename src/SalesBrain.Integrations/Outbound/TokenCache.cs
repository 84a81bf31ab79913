using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace SalesBrain.Integrations.Outbound;

/// <summary>
/// Keeps access tokens in memory until shortly before they expire. A token is found by the source and a digest of its credentials, so
/// changed credentials never use an earlier token.
/// </summary>
internal sealed class TokenCache(TimeProvider clock)
{
    /// <summary>Tokens in use are far fewer. The oldest are forgotten.</summary>
    private const int MaxTokens = 10_000;

    private readonly ConcurrentDictionary<string, (string Token, DateTimeOffset Until)> _tokens = new(StringComparer.Ordinal);

    /// <summary>The token; a new one if none is cached.</summary>
    /// <param name="request">Requests a token. Returns it and how long it may be used.</param>
    internal async Task<string> GetAsync(string key, Func<Task<(string Token, TimeSpan Lifetime)>> request)
    {
        var now = clock.GetUtcNow();
        if (_tokens.TryGetValue(key, out var cached) && cached.Until > now)
        {
            return cached.Token;
        }
        var (token, lifetime) = await request();
        if (_tokens.Count >= MaxTokens)
        {
            foreach (var entry in _tokens.Where(entry => entry.Value.Until <= now).Concat(_tokens.OrderBy(entry => entry.Value.Until).Take(MaxTokens / 10)).ToList())
            {
                _tokens.TryRemove(entry);
            }
        }
        _tokens[key] = (token, now + lifetime);
        return token;
    }

    /// <summary>Forgets a token that the vendor refused before its time.</summary>
    internal void Forget(string key) => _tokens.TryRemove(key, out _);

    /// <summary>A key that says nothing about the secrets.</summary>
    internal static string KeyOf(Guid sourceId, params IEnumerable<string> parts) =>
        $"{sourceId:N}:{Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\0', parts))))}";
}

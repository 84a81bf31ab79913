using System.Security.Cryptography;
using System.Text;

namespace SalesBrain.LocalHost.Demo;

/// <summary>
/// Where a demo organization receives from Instantly. The id is the same on every machine, so that the endpoint is found again.
/// </summary>
internal sealed class DemoEndpoint(string slug, string token)
{
    internal Guid Id { get; } = new(SHA256.HashData(Encoding.UTF8.GetBytes($"SalesBrain demo endpoint of {slug}")).AsSpan(0, 16));

    internal byte[] TokenHash { get; } = SHA256.HashData(Encoding.UTF8.GetBytes(token));

    internal string TokenLast4 { get; } = token[^4..];
}

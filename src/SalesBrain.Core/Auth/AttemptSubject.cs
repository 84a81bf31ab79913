using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace SalesBrain.Core.Auth;

/// <summary>What failures to sign in are counted for: the account that was tried, whether there is one or not, and where from.</summary>
public sealed record AttemptSubject
{
    /// <summary>A null address, which no platform should hand over, is not counted.</summary>
    public AttemptSubject(string emailNorm, IPAddress? address)
    {
        Account = AccountKey(emailNorm);
        Address = address is null ? null : AddressKey(address);
    }

    /// <summary>SHA-256 of the address, in hexadecimal: what strangers type is not kept.</summary>
    public string Account { get; }

    public string? Address { get; }

    internal static string AccountKey(string emailNorm) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(emailNorm)));

    /// <summary>An IPv4 address; of an IPv6 one its /64, which is what one household or server is given.</summary>
    internal static string AddressKey(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
        {
            address = address.MapToIPv4();
        }
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return address.ToString();
        }
        var bytes = address.GetAddressBytes();
        bytes.AsSpan(8).Clear();
        return $"{new IPAddress(bytes)}/64";
    }
}

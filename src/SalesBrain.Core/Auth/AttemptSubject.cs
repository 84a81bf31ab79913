using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace SalesBrain.Core.Auth;

/// <summary>The keys that failed sign-ins are counted by: the account, existing or not, and the IP address.</summary>
public sealed record AttemptSubject
{
    /// <summary>A null address is not counted. Platforms should always pass one.</summary>
    public AttemptSubject(string emailNorm, IPAddress? address)
    {
        Account = AccountKey(emailNorm);
        Address = address is null ? null : AddressKey(address);
    }

    /// <summary>SHA-256 of the e-mail address in hexadecimal: unknown input is not stored in plain text.</summary>
    public string Account { get; }

    public string? Address { get; }

    /// <summary>The keys by which password checks are queued. An unknown account is of no organization.</summary>
    public QueueKeys KeysOf(Guid? organizationId) => new(Account, Address, organizationId?.ToString());

    /// <summary>The key of an account, or of the mails to it.</summary>
    public static string AccountKey(string emailNorm) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(emailNorm)));

    /// <summary>The IPv4 address, or the /64 of an IPv6 address, which usually belongs to one household or server.</summary>
    public static string AddressKey(IPAddress address)
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

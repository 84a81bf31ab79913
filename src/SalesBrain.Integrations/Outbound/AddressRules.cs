using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace SalesBrain.Integrations.Outbound;

/// <summary>Which addresses a source that a user configured may be at: those of the public internet.</summary>
public static class AddressRules
{
    /// <summary>IPv4 networks that are not the public internet (IANA's special-purpose registry), and Azure's own address.</summary>
    private static readonly IPNetwork[] BlockedV4 =
    [
        IPNetwork.Parse("0.0.0.0/8"), IPNetwork.Parse("10.0.0.0/8"),
        // Carrier-grade NAT. 100.100.100.200 is a cloud's metadata.
        IPNetwork.Parse("100.64.0.0/10"),
        IPNetwork.Parse("127.0.0.0/8"),
        // 169.254.169.254 is the metadata of most clouds.
        IPNetwork.Parse("169.254.0.0/16"),
        IPNetwork.Parse("172.16.0.0/12"), IPNetwork.Parse("192.0.0.0/24"), IPNetwork.Parse("192.0.2.0/24"),
        IPNetwork.Parse("192.31.196.0/24"), IPNetwork.Parse("192.52.193.0/24"), IPNetwork.Parse("192.88.99.0/24"),
        IPNetwork.Parse("192.168.0.0/16"), IPNetwork.Parse("192.175.48.0/24"), IPNetwork.Parse("198.18.0.0/15"),
        IPNetwork.Parse("198.51.100.0/24"), IPNetwork.Parse("203.0.113.0/24"),
        // Multicast, reserved, broadcast.
        IPNetwork.Parse("224.0.0.0/3"),
        // The platform's services for a virtual machine in Azure: DNS, DHCP, the guest agent.
        IPNetwork.Parse("168.63.129.16/32"),
    ];

    /// <summary>IPv6 networks inside 2000::/3 that are not the public internet. Everything outside 2000::/3 is blocked too.</summary>
    private static readonly IPNetwork[] BlockedV6 =
    [
        // Teredo, benchmarks, ORCHID and other protocol assignments.
        IPNetwork.Parse("2001::/23"),
        IPNetwork.Parse("2001:db8::/32"), IPNetwork.Parse("2620:4f:8000::/48"), IPNetwork.Parse("3fff::/20"),
    ];

    private static readonly IPNetwork GlobalV6 = IPNetwork.Parse("2000::/3");
    private static readonly IPNetwork Nat64 = IPNetwork.Parse("64:ff9b::/96");
    private static readonly IPNetwork SixToFour = IPNetwork.Parse("2002::/16");

    /// <summary>Whether the address is on the public internet. An IPv4 address inside an IPv6 one is judged as the IPv4 address.</summary>
    public static bool IsPublic(IPAddress address)
    {
        if (address.AddressFamily == AddressFamily.InterNetwork)
        {
            return !BlockedV4.Any(network => network.Contains(address));
        }
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return false;
        }
        if (address.IsIPv4MappedToIPv6)
        {
            return IsPublic(address.MapToIPv4());
        }
        var bytes = address.GetAddressBytes();
        if (Nat64.Contains(address))
        {
            return IsPublic(new IPAddress(bytes.AsSpan(12)));
        }
        if (SixToFour.Contains(address))
        {
            return IsPublic(new IPAddress(bytes.AsSpan(2, 4)));
        }
        return GlobalV6.Contains(address) && !BlockedV6.Any(network => network.Contains(address)) && !IsIsatap(bytes);
    }

    /// <summary>Whether the address is this machine, also inside an IPv6 address.</summary>
    public static bool IsLoopback(IPAddress address) => IPAddress.IsLoopback(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address);

    /// <summary>An interface identifier that holds an IPv4 address which a tunnel would use (RFC 5214).</summary>
    private static bool IsIsatap(byte[] address) => (BinaryPrimitives.ReadUInt32BigEndian(address.AsSpan(8)) & 0xFDFF_FFFF) == 0x0000_5EFE;
}

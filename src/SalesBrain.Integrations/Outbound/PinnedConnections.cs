using System.Net;
using System.Net.Sockets;

namespace SalesBrain.Integrations.Outbound;

/// <summary>
/// Opens connections to checked addresses only. A name is resolved once for a connection, every address of the answer is checked, and the
/// connection goes to an address of that answer: a name that resolves to another address a moment later gains nothing.
/// </summary>
internal sealed class PinnedConnections(INameResolver names, SourceOptions options)
{
    internal async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var target = context.DnsEndPoint;
        var addresses = await ResolveAsync(target.Host, cancellationToken);
        if (addresses.Length == 0 || !Array.TrueForAll(addresses, IsAllowed))
        {
            throw new BlockedAddressException();
        }
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, target.Port, cancellationToken);
            // What the socket is connected to, whatever the name says by now.
            if (socket.RemoteEndPoint is not IPEndPoint remote || !IsAllowed(remote.Address))
            {
                throw new BlockedAddressException();
            }
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private async Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken) =>
        IPAddress.TryParse(host, out var literal) ? [literal] : await names.ResolveAsync(host, cancellationToken);

    private bool IsAllowed(IPAddress address) =>
        AddressRules.IsPublic(address) || (options.AllowLoopback && AddressRules.IsLoopback(address));
}

/// <summary>
/// The name resolves to an address that sources must not be at. The message does not say which, so that no network can be explored.
/// </summary>
internal sealed class BlockedAddressException() : Exception("The address is not on the public internet.");

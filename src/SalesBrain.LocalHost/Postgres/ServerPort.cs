using System.Net;
using System.Net.Sockets;
using SalesBrain.LocalHost.Startup;

namespace SalesBrain.LocalHost.Postgres;

/// <summary>Which TCP port the server listens on.</summary>
internal static class ServerPort
{
    // Below the ranges from which systems take the ports of outgoing connections (Linux from 32768, others from 49152): a client that
    // retries while the server is down could be given ours.
    private const int First = 20_000;
    private const int Last = 29_999;

    /// <summary>That of the last start. Whether it is still free, only the server's own attempt tells.</summary>
    public static async Task<int?> LastAsync(ClusterFolder folder, CancellationToken ct) =>
        File.Exists(folder.Port) && int.TryParse(await File.ReadAllTextAsync(folder.Port, ct), out var port) && port is >= First and <= Last
            ? port
            : null;

    public static Task RememberAsync(ClusterFolder folder, int port, CancellationToken ct) =>
        File.WriteAllTextAsync(folder.Port, $"{port}", ct);

    public static int FindFree()
    {
        for (var tries = 0; tries < 1000; tries++)
        {
            var port = Random.Shared.Next(First, Last + 1);
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Taken; the next one.
            }
        }

        throw new StartupException(
            $"No free port was found on 127.0.0.1 between {First} and {Last}. Stop a program that uses one of them and run this again.");
    }
}

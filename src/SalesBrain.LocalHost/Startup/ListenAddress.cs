using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;

namespace SalesBrain.LocalHost.Startup;

/// <summary>The addresses that the host listens on, and its URL on this machine.</summary>
internal sealed record ListenAddress(string Urls, Uri Local)
{
    /// <summary>
    /// Reads the setting <c>urls</c>, in which port 0 stands for a free one. Throws <see cref="StartupException"/> where it is no list of
    /// addresses, or where one is taken: known before anything else is started.
    /// </summary>
    internal static ListenAddress Of(string urls)
    {
        var addresses = urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(Parse).ToList();
        return addresses is [var (_, local), ..]
            ? new(string.Join(';', addresses.Select(address => address.Url)), local)
            : throw Malformed(urls);
    }

    private static (string Url, Uri Local) Parse(string url)
    {
        try
        {
            var binding = BindingAddress.Parse(url);
            if (binding is { Scheme: "http" or "https", IsUnixPipe: false, IsNamedPipe: false, PathBase: "", Port: <= IPEndPoint.MaxPort })
            {
                var port = Claim(IPAddress.TryParse(binding.Host, out var ip) ? ip : IPAddress.Loopback, binding.Port);
                var host = binding.Host is "*" or "+" or "0.0.0.0" or "[::]" ? "localhost" : binding.Host;
                return ($"{binding.Scheme}://{binding.Host}:{port}", new Uri($"{binding.Scheme}://{host}:{port}"));
            }
        }
        catch (FormatException)
        {
            // Told below.
        }
        throw Malformed(url);
    }

    private static int Claim(IPAddress address, int port)
    {
        try
        {
            using var listener = new TcpListener(address, port);
            listener.Start();
            return ((IPEndPoint)listener.LocalEndpoint).Port;
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            throw new StartupException(
                $"Port {port} is in use by another program. Stop that program, or choose another port with --urls "
                + $"http://localhost:{port + 1}.",
                e);
        }
        catch (SocketException e)
        {
            throw new StartupException($"Cannot listen on port {port} of {address}: {e.Message}. Choose another address with --urls.", e);
        }
    }

    private static StartupException Malformed(string url) =>
        new(
            $"The setting urls is '{url}': it must be an address such as http://localhost:7071, or several addresses "
            + "separated by semicolons.");
}

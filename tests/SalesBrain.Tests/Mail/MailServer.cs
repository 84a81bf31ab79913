using System.Net;
using System.Net.Sockets;
using System.Text;

namespace SalesBrain.Tests.Mail;

/// <summary>A mail server for tests: speaks just enough SMTP (RFC 5321) to take mails, and to refuse them where the test says so.</summary>
internal sealed class MailServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _serving;

    public MailServer()
    {
        _listener.Start();
        _serving = ServeAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>What is answered to a command instead of success, by its first word.</summary>
    public Dictionary<string, string> Answers { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Everything that clients said, line by line.</summary>
    public List<string> Heard { get; } = [];

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _serving;
        _stop.Dispose();
    }

    private async Task ServeAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                using var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                await TalkAsync(client.GetStream());
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or IOException or ObjectDisposedException)
            {
                // The next one, or the end.
            }
        }
    }

    private async Task TalkAsync(NetworkStream stream)
    {
        using var reader = new StreamReader(stream, Encoding.UTF8);
        await using var writer = new StreamWriter(stream, new UTF8Encoding(false)) { AutoFlush = true, NewLine = "\r\n" };
        await writer.WriteLineAsync("220 mail.test.example");
        while (await reader.ReadLineAsync(_stop.Token) is { } line)
        {
            Heard.Add(line);
            var word = line.Split(' ', ':')[0];
            if (Answers.TryGetValue(word, out var answer))
            {
                await writer.WriteLineAsync(answer);
                continue;
            }
            switch (word.ToUpperInvariant())
            {
                case "EHLO":
                    await writer.WriteAsync("250-mail.test.example\r\n250 8BITMIME\r\n");
                    break;
                case "DATA":
                    await writer.WriteLineAsync("354 go on");
                    while (await reader.ReadLineAsync(_stop.Token) is { } text && text != ".")
                    {
                        Heard.Add(text);
                    }
                    await writer.WriteLineAsync(Answers.GetValueOrDefault(".", "250 taken"));
                    break;
                case "QUIT":
                    await writer.WriteLineAsync("221 bye");
                    return;
                default:
                    await writer.WriteLineAsync("250 ok");
                    break;
            }
        }
    }
}

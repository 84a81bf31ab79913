using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace SalesBrain.LocalHost.Sandbox.Whatsapp;

/// <summary>
/// Sends deliveries to the app's webhook, signed over their bytes with the app's secret. What is pushed is up to the caller: the same
/// delivery twice, <c>read</c> before <c>sent</c>, several entries in one, types that nobody knows.
/// </summary>
public sealed class WhatsappPusher(Uri webhook, string appSecret) : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });

    /// <summary>Sends the bytes of a delivery once. Returns the status of the response.</summary>
    public async Task<int> PushAsync(byte[] body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, webhook) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new("application/json");
        request.Headers.Add("X-Hub-Signature-256", Sign(body, appSecret));
        using var response = await _http.SendAsync(request, cancellationToken);
        return (int)response.StatusCode;
    }

    /// <summary>As Meta sends: again after a failure, with growing delays, and then not any more.</summary>
    public async Task DeliverAsync(JsonObject delivery, TimeProvider clock, CancellationToken cancellationToken)
    {
        var body = Encoding.UTF8.GetBytes(delivery.ToJsonString());
        for (var wait = TimeSpan.FromSeconds(1); wait < TimeSpan.FromMinutes(1); wait *= 3)
        {
            try
            {
                if (await PushAsync(body, cancellationToken) is 200)
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // The app is not there at the moment.
            }
            await Task.Delay(wait, clock, cancellationToken);
        }
    }

    /// <summary>The header's value for the bytes of a delivery.</summary>
    public static string Sign(ReadOnlySpan<byte> body, string appSecret) =>
        $"sha256={Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(appSecret), body))}";

    public void Dispose() => _http.Dispose();
}

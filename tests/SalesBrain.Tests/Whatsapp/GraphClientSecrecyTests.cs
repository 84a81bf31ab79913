using System.Collections.Concurrent;
using System.Diagnostics;
using SalesBrain.LocalHost.Sandbox.Whatsapp;

namespace SalesBrain.Tests.Whatsapp;

/// <summary>
/// What the client of the Graph API tells whoever listens to this process. Runs alone: listening changes the requests of every test.
/// </summary>
[Collection(WhatsappApp.Alone)]
public sealed class GraphClientSecrecyTests(WhatsappApp app)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Spans and diagnostic events would have the URL, and that of the exchange holds the app's secret.</summary>
    [Fact]
    public async Task Calls_are_in_no_span_and_no_diagnostic_event()
    {
        var account = app.Sandbox.Add(new WhatsappSandboxAccount());
        var seen = new ConcurrentQueue<string>();
        using var spans = new ActivityListener
        {
            ShouldListenTo = source => source.Name.StartsWith("System.Net", StringComparison.Ordinal),
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity => seen.Enqueue(string.Join(' ', activity.TagObjects.Select(tag => tag.Value))),
        };
        ActivitySource.AddActivityListener(spans);
        using var listeners = new Listeners(seen);
        using var events = DiagnosticListener.AllListeners.Subscribe(listeners);

        await app.Api.ExchangeCodeAsync(app.Sandbox.CreateCode(account), Cancellation);

        var port = new Uri(app.SandboxUrl).Port.ToString();
        Assert.DoesNotContain(
            seen, text => text.Contains(port, StringComparison.Ordinal) || text.Contains("access_token", StringComparison.Ordinal));
        // Calls of others are.
        using var other = new HttpClient();
        (await other.GetAsync(app.SandboxUrl, Cancellation)).Dispose();
        Assert.Contains(seen, text => text.Contains(port, StringComparison.Ordinal));
    }

    private sealed class Listeners(ConcurrentQueue<string> seen) : IObserver<DiagnosticListener>, IDisposable
    {
        private readonly ConcurrentBag<IDisposable> _subscriptions = [];

        /// <summary>While somebody listens, requests of the whole process carry the context of a trace that is not recorded.</summary>
        public void Dispose()
        {
            foreach (var subscription in _subscriptions)
            {
                subscription.Dispose();
            }
        }

        public void OnNext(DiagnosticListener value)
        {
            if (value.Name == "HttpHandlerDiagnosticListener")
            {
                _subscriptions.Add(value.Subscribe(new Events(seen)));
            }
        }

        public void OnCompleted()
        {
        }

        public void OnError(Exception error)
        {
        }
    }

    private sealed class Events(ConcurrentQueue<string> seen) : IObserver<KeyValuePair<string, object?>>
    {
        public void OnNext(KeyValuePair<string, object?> value) => seen.Enqueue($"{value.Key} {value.Value}");

        public void OnCompleted()
        {
        }

        public void OnError(Exception error)
        {
        }
    }
}

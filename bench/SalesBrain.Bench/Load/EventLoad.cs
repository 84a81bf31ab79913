using System.Text;
using SalesBrain.Bench.Data;

namespace SalesBrain.Bench.Load;

/// <summary>Instantly events for the endpoints of <see cref="BenchWorld"/>; no two of a run are alike.</summary>
internal sealed class EventLoad
{
    public const string SecretHeader = "X-Bench-Secret";
    public const string Secret = "secret-of-bench";
    public const int Contacts = 20_000;

    /// <summary>Stored and acknowledged, with nothing to process: receiving alone.</summary>
    public static readonly IReadOnlyList<string> Unprocessed = ["email_previewed"];

    /// <summary>What campaigns send most, all with effects.</summary>
    public static readonly IReadOnlyList<string> Processed =
        ["email_sent", "email_sent", "email_sent", "email_sent", "email_opened", "email_opened", "email_link_clicked", "reply_received"];

    private static readonly DateTimeOffset FirstTime = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>More than any turn can send, at a millisecond each.</summary>
    private static readonly TimeSpan PerTurn = TimeSpan.FromHours(1);

    private readonly string _scripts;
    private readonly string _template;
    private int _turns;
    private long _sent;

    public EventLoad(string scripts)
    {
        _scripts = scripts;
        _template = File.ReadAllText(TemplateFile).TrimEnd();
    }

    private string TemplateFile => Path.Combine(_scripts, "event.json");

    /// <summary>
    /// Arguments of <c>ingest.lua</c> for one turn, over all organizations or only the first few, and for this number of campaigns.
    /// </summary>
    public IReadOnlyList<string> ScriptArguments(
        IReadOnlyList<string> types, int organizations = BenchWorld.Organizations, int campaigns = BenchWorld.Campaigns) =>
    [
        TemplateFile, $"{TakeTime().ToUnixTimeSeconds()}", $"{organizations}", $"{campaigns}", $"{Contacts}", Secret, .. types,
    ];

    /// <summary>Requests one by one, for <see cref="PacedLoad"/>.</summary>
    public Func<HttpRequestMessage> Requests(IReadOnlyList<string> types)
    {
        var time = TakeTime();
        return () =>
        {
            var number = Interlocked.Increment(ref _sent);
            var contact = Random.Shared.Next(Contacts);
            var body = Body(time.AddMilliseconds(number), types[(int)(number % types.Count)], contact);
            return new HttpRequestMessage(HttpMethod.Post, $"/api/webhooks/instantly/{BenchWorld.Token(1 + (contact % BenchWorld.Organizations))}")
            {
                Headers = { { SecretHeader, Secret } },
                Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) { Headers = { ContentType = new("application/json") } },
            };
        };
    }

    /// <summary>An event's text.</summary>
    public string Body(DateTimeOffset time, string type, int contact) =>
        _template
            .Replace("{time}", time.ToString("yyyy-MM-ddTHH:mm:ss.fffZ"), StringComparison.Ordinal)
            .Replace("{type}", type, StringComparison.Ordinal)
            .Replace("{contact}", $"{contact}", StringComparison.Ordinal)
            .Replace("{campaign}", $"{contact % BenchWorld.Campaigns:d12}", StringComparison.Ordinal);

    private DateTimeOffset TakeTime() => FirstTime + (Interlocked.Increment(ref _turns) * PerTurn);
}

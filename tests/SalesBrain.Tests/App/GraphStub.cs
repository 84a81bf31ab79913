using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json;

namespace SalesBrain.Tests.App;

/// <summary>Meta's Graph API as a handler: takes messages and answers each as the test says, by recipient and attempt.</summary>
public sealed class GraphStub : HttpMessageHandler
{
    private readonly ConcurrentQueue<GraphCall> _calls = new();
    private readonly ConcurrentDictionary<string, Func<GraphCall, CancellationToken, Task<HttpResponseMessage>>> _answers = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int> _attempts = new(StringComparer.Ordinal);

    /// <summary>The clock of the calls' times.</summary>
    public required TimeProvider Clock { get; init; }

    /// <summary>The messages that arrived, in order.</summary>
    public IReadOnlyCollection<GraphCall> Calls => _calls;

    public List<GraphCall> To(string recipient) => [.. _calls.Where(call => call.To == recipient)];

    /// <summary>Answers messages to a recipient; the number of the attempt begins with 1.</summary>
    public void Answer(string recipient, Func<GraphCall, HttpResponseMessage> answer) =>
        _answers[recipient] = (call, _) => Task.FromResult(answer(call));

    /// <summary>Answers messages to a recipient when the task ends.</summary>
    public void AnswerLater(string recipient, Func<GraphCall, CancellationToken, Task<HttpResponseMessage>> answer) =>
        _answers[recipient] = answer;

    public static HttpResponseMessage Accepted(GraphCall call) => Json(HttpStatusCode.OK, $$"""
        {"messaging_product": "whatsapp", "contacts": [{"input": "{{call.To}}", "wa_id": "{{call.To}}"}], "messages": [{"id": "{{WamidOf(call)}}", "message_status": "accepted"}]}
        """);

    public static string WamidOf(GraphCall call) => $"wamid.{call.MessageId:N}.{call.Attempt}";

    public static HttpResponseMessage Error(int code, HttpStatusCode status = HttpStatusCode.BadRequest) => Json(status, $$$"""
        {"error": {"message": "(#{{{code}}}) Stub", "type": "OAuthException", "code": {{{code}}}, "error_data": {"details": "The stub says so."}, "fbtrace_id": "STUBTRACE"}}
        """);

    public static HttpResponseMessage Json(HttpStatusCode status, string json) =>
        new(status) { Content = new StringContent(json, Encoding.UTF8, "application/json") };

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = JsonElement.Parse(await request.Content!.ReadAsByteArrayAsync(cancellationToken));
        var to = body.GetProperty("to").GetString()!;
        var message = Guid.Parse(body.GetProperty("biz_opaque_callback_data").GetString()!);
        var call = new GraphCall(
            request.RequestUri!.AbsolutePath, request.Headers.Authorization!.Parameter!, to, message,
            _attempts.AddOrUpdate($"{message}", 1, (_, attempts) => attempts + 1), body, Clock.GetUtcNow());
        _calls.Enqueue(call);
        return _answers.TryGetValue(to, out var answer) ? await answer(call, cancellationToken) : Accepted(call);
    }
}

/// <summary>A message as it arrived.</summary>
public sealed record GraphCall(string Path, string Token, string To, Guid MessageId, int Attempt, JsonElement Body, DateTimeOffset At)
{
    public string? Text => Body.TryGetProperty("text", out var text) ? text.GetProperty("body").GetString() : null;
}

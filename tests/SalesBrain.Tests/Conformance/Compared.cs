using SalesBrain.Tests.Conformance.Requests;

namespace SalesBrain.Tests.Conformance;

/// <summary>The responses of both hosts to a pair of requests.</summary>
internal sealed record Compared(RequestPair Pair, HostResponse Local, HostResponse Worker)
{
    internal string Function => Pair.Local.Function;

    internal bool Succeeded => Local.Succeeded && Worker.Succeeded;

    /// <summary>How the worker's response differs from the local host's; null if it doesn't.</summary>
    internal string? Difference()
    {
        var failure = (Local.Failure ?? Worker.Failure) is { } reason ? $" ({reason})" : "";
        if (Local.Status != Worker.Status)
        {
            return $"status {Local.Status} locally, {Worker.Status} from the worker{failure}";
        }
        // An empty 404 is the host's own, before any code of the app. It lacks headers that the local host has on every response.
        var names = Local.Headers.Keys.Union(Worker.Headers.Keys, StringComparer.OrdinalIgnoreCase)
            .Where(name => Worker is not { Status: 404, Body: "" } || name is not ("X-Content-Type-Options" or "Cache-Control"));
        foreach (var name in names)
        {
            var (here, there) = (Local.Headers.GetValueOrDefault(name), Worker.Headers.GetValueOrDefault(name));
            if (here is null || there is null || Mask(here) != Mask(there))
            {
                return $"status {Local.Status} with header {name} '{here ?? "none"}' locally, '{there ?? "none"}' from the worker";
            }
        }
        var (text, other) = (Mask(Local.Body), Mask(Worker.Body));
        return text == other
            ? null
            : $"status {Local.Status} with another body:\n      local  {Around(text, other)}\n      worker {Around(other, text)}";
    }

    private string Mask(string text) => Pair.IsOfOneThing ? Masking.Moment(text) : Masking.All(text);

    /// <summary>The place where a text begins to differ from another.</summary>
    private static string Around(string text, string other)
    {
        var at = text.Zip(other).TakeWhile(pair => pair.First == pair.Second).Count();
        var from = Math.Max(0, at - 60);
        return $"…{text[from..Math.Min(text.Length, at + 100)]}…";
    }
}

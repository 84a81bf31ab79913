using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SalesBrain.Tests.Documentation.Requests;

/// <summary>One request, and what is known about it before it is sent.</summary>
internal sealed record GeneratedRequest(string Kind, string Path)
{
    public string? Query { get; init; }

    public byte[]? Body { get; init; }

    public string ContentType { get; init; } = "application/json";

    /// <summary>Null = the role that the operation is for.</summary>
    public string? Role { get; init; }

    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>The schemas allow it, so only a documented check may refuse it as invalid.</summary>
    public bool IsValid { get; init; }

    /// <summary>The schemas do not allow it, and it must not succeed.</summary>
    public bool MustBeRefused { get; init; }

    public override string ToString() =>
        $"[{Kind}{(Role is null ? "" : $", as {Role}")}] {Path}{Query} {(Body is null ? "" : Shorten(Encoding.UTF8.GetString(Body)))}";

    private static string Shorten(string text) => text.Length <= 500 ? text : $"{text[..500]}… ({text.Length} characters)";
}

/// <summary>
/// The requests for one operation: valid ones with each member absent, present and at its bounds; then ones that are wrong in one thing
/// each; then other callers.
/// </summary>
internal sealed class GeneratedRequests(DescribedOperation operation, SchemaValues values, RequestWorld world, Random random)
{
    private const string NobodysToken = "an invalid token";

    private string Path { get; } = operation.In("path").Aggregate(
        operation.Path,
        (path, parameter) => path.Replace(
            $"{{{parameter.Name}}}", world.Find(parameter.Name) ?? throw new KeyNotFoundException(parameter.Name),
            StringComparison.Ordinal));

    /// <summary>At most this number of requests, of every kind the same share, but two of the valid ones.</summary>
    internal IReadOnlyList<GeneratedRequest> Take(int most)
    {
        var valid = Shuffle(Valid().ToList());
        var kinds = new[] { WrongMembers(), WrongBodies(), WrongPaths(), OtherCallers(), OtherHeaders() }.Select(kind => Shuffle(kind.ToList())).Prepend(valid).Append(valid).ToList();
        var picked = new List<GeneratedRequest>();
        while (picked.Count < most && kinds.Any(kind => kind.Count > 0))
        {
            foreach (var kind in kinds.Where(kind => kind.Count > 0))
            {
                picked.Add(kind.Dequeue());
            }
        }
        return [.. picked.Take(most)];
    }

    private IEnumerable<GeneratedRequest> Valid()
    {
        yield return Request("minimal", Minimal(), MinimalQuery()) with { IsValid = !operation.TakesOnlyForms };
        if (operation.Body is { } full)
        {
            yield return Request("all members", values.Object(values.Resolve(full), isFull: true)) with { IsValid = true };
        }
        foreach (var parameter in operation.In("query"))
        {
            foreach (var value in values.AllOf(parameter.Name, parameter.Schema))
            {
                yield return Request($"{parameter.Name} is allowed", Minimal(), With(parameter, value)) with { IsValid = true };
            }
        }
        if (operation.Body is { } reference)
        {
            var schema = values.Resolve(reference);
            foreach (var member in SchemaValues.Members(schema))
            {
                foreach (var value in values.AllOf(member.Name, member.Value))
                {
                    var body = Minimal()!;
                    body[member.Name] = value;
                    yield return Request($"{member.Name} is allowed", body) with { IsValid = true };
                }
            }
        }
    }

    private IEnumerable<GeneratedRequest> WrongMembers()
    {
        foreach (var parameter in operation.In("query"))
        {
            // In a query string everything is text, and an array of one is the value itself.
            foreach (var wrong in SchemaViolations.Of(parameter.Schema, values).Where(wrong => wrong.Kind is not "null" && !wrong.Kind.Contains("instead of", StringComparison.Ordinal)))
            {
                yield return Request($"{parameter.Name}: {wrong.Kind}", Minimal(), With(parameter, wrong.Value)) with
                {
                    // An empty text counts as left out, and what is not UTF-8 is read as a replacement character.
                    MustBeRefused = wrong.MustBeRefused && wrong.Value is not (null or JsonArray { Count: 0 }) && !wrong.Kind.Contains("empty", StringComparison.Ordinal)
                        && !wrong.Kind.Contains("null", StringComparison.Ordinal)
                        && !wrong.Kind.Contains("surrogate", StringComparison.Ordinal),
                };
            }
            yield return Request($"{parameter.Name} is empty", Minimal(), Query([.. MinimalQuery(), new(parameter.Name, "")]));
            yield return Request($"{parameter.Name} has odd bytes", Minimal(), $"?{parameter.Name}=%ff%00%ED%A0%80") with { MustBeRefused = true };
            var once = new KeyValuePair<string, string>(parameter.Name, SchemaValues.Text(values.Any(parameter.Name, parameter.Schema)));
            yield return Request($"{parameter.Name} is given twice", Minimal(), Query([once, once])) with
            {
                MustBeRefused = once.Value.Length > 0 && !SchemaValues.TypesOf(values.Resolve(parameter.Schema)).Contains("array"),
            };
        }
        if (operation.In("query").Any())
        {
            yield return Request("unknown parameter", Minimal(), "?no_such_parameter=1") with { MustBeRefused = true };
        }
        if (operation.Body is not { } reference)
        {
            yield break;
        }
        var schema = values.Resolve(reference);
        foreach (var name in SchemaValues.Required(schema))
        {
            var body = Minimal()!;
            body.Remove(name);
            yield return Request($"{name} is missing", body) with { MustBeRefused = true };
        }
        foreach (var member in SchemaValues.Members(schema))
        {
            foreach (var wrong in SchemaViolations.Of(member.Value, values))
            {
                var body = Minimal()!;
                body[member.Name] = wrong.Value?.DeepClone();
                yield return Request($"{member.Name}: {wrong.Kind}", body) with { MustBeRefused = wrong.MustBeRefused };
            }
        }
        if (schema.TryGetProperty("additionalProperties", out var others) && others.ValueKind == JsonValueKind.False)
        {
            var body = Minimal()!;
            body["no_such_member"] = 1;
            yield return Request("unknown member", body) with { MustBeRefused = true };
        }
    }

    private IEnumerable<GeneratedRequest> WrongBodies()
    {
        if (!operation.TakesBody)
        {
            yield break;
        }
        yield return Raw("no body", "") with { MustBeRefused = operation.BodyIsRequired };
        foreach (var text in new[] { "{", "[]", "null", "\"text\"", "1", "{}{}", "{\"a\": }", "{'a': 1}", new string('[', 5000), "\uFEFF{}" })
        {
            yield return Raw("not a JSON object", text);
        }
        yield return Raw("too deep", $$"""{"metadata": {{string.Concat(Enumerable.Repeat("""{"a":""", 200))}}1{{new string('}', 200)}}}""");
        yield return Raw("very many members", "{" + string.Join(',', Enumerable.Range(0, 5000).Select(i => $"\"m{i}\": 1")) + "}");
        yield return Raw("too large", $$"""{"a": "{{new string('x', 1100 * 1024)}}"}""") with { MustBeRefused = true };
        yield return Request("another content type", Minimal()) with
        {
            ContentType = "application/xml",
            MustBeRefused = Minimal()?.Count > 0,
        };
        yield return Request("not UTF-8", Minimal()) with { Body = [.. "{\"a\": \""u8, 0xFF, 0xFE, .. "\"}"u8] };
        yield return Request("said to be compressed", Minimal()) with
        {
            Headers = new Dictionary<string, string> { ["Content-Encoding"] = "gzip" },
        };
    }

    private IEnumerable<GeneratedRequest> WrongPaths() =>
        from parameter in operation.In("path")
        from wrong in new[]
        {
            Guid.NewGuid().ToString(),
            "0",
            "x%20y",
            "%00",
            new string('a', 1000),
            "%F0%9F%98%80",
            "..%2F..",
            "00000000-0000-0000-0000-000000000000",
        }
        select Request($"{parameter.Name} is wrong", Minimal(), MinimalQuery()) with
        {
            Path = Path.Replace(world.Find(parameter.Name)!, wrong, StringComparison.Ordinal),
            MustBeRefused = true,
        };

    private IEnumerable<GeneratedRequest> OtherCallers() =>
        from role in world.Roles.Append("nobody").Append(NobodysToken)
        select Request("another caller", Minimal(), MinimalQuery()) with { Role = role };

    private IEnumerable<GeneratedRequest> OtherHeaders() =>
        from header in operation.In("header").Select(parameter => parameter.Name).Append("Accept")
        from value in new[] { "*", "\"x\"", "application/json; case=camel", "W/\"a.b.c\", \"\"", "text/html;q=0.1", "a,,b" }
        select Request("another header", Minimal(), MinimalQuery()) with { Headers = new Dictionary<string, string> { [header] = value } };

    private JsonObject? Minimal()
    {
        if (operation.Body is not { } reference)
        {
            return operation.TakesBody ? new JsonObject { ["a"] = 1 } : null;
        }
        var schema = values.Resolve(reference);
        var body = values.Object(schema, isFull: false);
        if (DocumentedChecks.Needed(operation.Name) is { } needed)
        {
            body[needed] = values.Any(needed, SchemaValues.Members(schema).Single(member => member.Name == needed).Value);
        }
        return body;
    }

    private KeyValuePair<string, string>[] MinimalQuery() =>
        [.. operation.In("query").Where(parameter => parameter.IsRequired).Select(parameter => KeyValuePair.Create(parameter.Name, SchemaValues.Text(values.Any(parameter.Name, parameter.Schema))))];

    /// <summary>The parameter with a value: an array as repeated parameters, or an enumeration separated by commas.</summary>
    private string With(DescribedParameter parameter, JsonNode? value)
    {
        var texts = value is JsonArray items ? items.Select(SchemaValues.Text).ToArray() : [SchemaValues.Text(value)];
        var isEnumeration = parameter.Schema.TryGetProperty("items", out var item) && values.Resolve(item).TryGetProperty("enum", out _);
        var separates = isEnumeration && texts.Length > 0 && random.Next(2) == 0;
        return Query([.. MinimalQuery(), .. (separates ? [string.Join(',', texts)] : texts).Select(text => KeyValuePair.Create(parameter.Name, text))]);
    }

    private static string Query(IReadOnlyCollection<KeyValuePair<string, string>> pairs) =>
        pairs.Count == 0 ? "" : "?" + string.Join('&', pairs.Select(pair => $"{pair.Key}={Escape(pair.Value)}"));

    private static string Escape(string text) => text == SchemaViolations.LoneSurrogate ? "%ED%A0%80" : Uri.EscapeDataString(text);

    private GeneratedRequest Request(string kind, JsonObject? body, KeyValuePair<string, string>[] query) =>
        Request(kind, body, Query(query));

    private GeneratedRequest Request(string kind, JsonObject? body, string query = "") => new(kind, Path)
    {
        Query = query,
        Body = body is null
            ? null
            : Encoding.UTF8.GetBytes(body.ToJsonString().Replace(SchemaViolations.LoneSurrogate, @"\ud800", StringComparison.Ordinal)),
    };

    private GeneratedRequest Raw(string kind, string text) =>
        Request(kind, null, MinimalQuery()) with { Body = Encoding.UTF8.GetBytes(text) };

    private Queue<GeneratedRequest> Shuffle(List<GeneratedRequest> requests)
    {
        // What comes first stays first: the requests with the fewest and with all members, which should succeed before another changes what
        // is there.
        var rest = requests.Skip(2).ToArray();
        random.Shuffle(rest);
        return new(requests.Take(2).Concat(rest));
    }
}

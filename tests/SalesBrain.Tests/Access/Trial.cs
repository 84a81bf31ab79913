namespace SalesBrain.Tests.Access;

/// <summary>
/// One call of an endpoint that succeeds for whoever may make it, and how its answer tells whether it reached the thing it was about.
/// </summary>
public sealed record Trial(HttpMethod Method, string Path, object? Body = null)
{
    /// <summary>The thing's id, for a list or a bulk call that is answered 200 whether or not it reached the thing.</summary>
    public Guid? Shows { get; init; }

    /// <summary>Told by the answer's text where an id does not tell it.</summary>
    public Func<string, bool>? Reaches { get; init; }

    /// <summary>A body that is not JSON, with its content type.</summary>
    public (byte[] Bytes, string ContentType)? Raw { get; init; }

    /// <summary>A form with a small CSV file.</summary>
    public static (byte[] Bytes, string ContentType) Upload(params (string Name, string Value)[] fields)
    {
        using var form = new MultipartFormDataContent("sandbox-boundary") { { new ByteArrayContent("email,name\nann@prospect.example,Ann\n"u8.ToArray()), "file", "people.csv" } };
        foreach (var (name, value) in fields)
        {
            form.Add(new StringContent(value), name);
        }
        return (form.ReadAsByteArrayAsync().Result, form.Headers.ContentType!.ToString());
    }

    /// <summary>The part of the path that names the thing; a random id in its place must be answered alike.</summary>
    public Guid? Names { get; init; }

    public static Trial Get(string path) => new(HttpMethod.Get, path);

    public static Trial Get(string path, Guid id) => new(HttpMethod.Get, $"{path}/{id}") { Names = id };

    /// <summary>A call about one thing: <c>path/{id}/suffix</c>.</summary>
    public static Trial About(HttpMethod method, string path, Guid id, string suffix = "", object? body = null) =>
        new(method, $"{path}/{id}{suffix}", body) { Names = id };

    public static Trial List(string path, Guid shows) => new(HttpMethod.Get, path) { Shows = shows };
}

using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using SalesBrain.Core.Rows;

namespace SalesBrain.Functions.Http;

/// <summary>
/// ETags of single resources: the resource, its version, and a hash of the response. For <c>If-Match</c> only the version counts, so that
/// the JSON spelling makes no difference. For <c>If-None-Match</c> the response counts too, because it contains more than the row itself
/// (such as a user's last sign-in or the agency's name).
/// </summary>
internal static class EntityTags
{
    /// <summary>200 with the thing, or 304 where the caller has it.</summary>
    internal static IResult Show<T>(Call call, T thing)
        where T : IVersionedRow
    {
        var tag = Of(call, thing);
        return call.Has(tag) ? ApiResults.NotModified(tag) : ApiResults.Tagged(thing, tag);
    }

    /// <summary>
    /// 200 with the page of a list, or 304 where the caller has it. The tag is a hash of the page: it spares clients that poll the
    /// transfer, not the database the reading.
    /// </summary>
    internal static IResult ShowPage<T>(Call call, T page)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(page, JsonResponse.OptionsFor(call.Request));
        var tag = $"\"{Base64Url.EncodeToString(SHA256.HashData(body).AsSpan(0, 16))}\"";
        return call.Has(tag) ? ApiResults.NotModified(tag) : ApiResults.TaggedJson(body, tag);
    }

    /// <summary>200 with the thing as a change has left it.</summary>
    internal static IResult ShowChanged<T>(Call call, T thing, string? message = null)
        where T : IVersionedRow => ApiResults.Changed(thing, Of(call, thing), message);

    /// <summary>201 with the thing.</summary>
    internal static IResult ShowCreated<T>(Call call, string location, T thing, string? message = null)
        where T : IVersionedRow => ApiResults.Created(location, thing, Of(call, thing), message);

    /// <summary>
    /// Whether the caller's <c>If-Match</c>, if there is one, names the version of a locked row. A weakened tag counts as well: a proxy
    /// that compresses weakens every one, and the strong comparison that RFC 9110 (section 13.1.1) wants would then refuse every change.
    /// </summary>
    internal static bool Match<T>(Call call, T row)
        where T : IVersionedRow
    {
        var header = call.Request.Headers.IfMatch;
        return header.Count == 0 || header.SelectMany(value => (value ?? "").Split(',', StringSplitOptions.TrimEntries))
            .Any(tag => tag == "*" || VersionIn(tag, row.Id) == row.Version);
    }

    private static string Of<T>(Call call, T thing)
        where T : IVersionedRow
    {
        var answer = JsonSerializer.SerializeToUtf8Bytes(thing, JsonResponse.OptionsFor(call.Request));
        return $"\"{NameOf(thing.Id)}.{thing.Version}.{Base64Url.EncodeToString(SHA256.HashData(answer).AsSpan(0, 9))}\"";
    }

    private static long? VersionIn(string tag, Guid id)
    {
        var parts = (tag.StartsWith("W/", StringComparison.Ordinal) ? tag[2..] : tag).Trim('"').Split('.');
        return parts is [var name, var version, _] && name == NameOf(id)
            && long.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
    }

    /// <summary>Enough of an id to distinguish two resources with equal versions.</summary>
    private static string NameOf(Guid id) => id.ToString("N")[^12..];
}

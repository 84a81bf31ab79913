using System.Buffers.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace SalesBrain.Core.Access;

/// <summary>
/// The claims of an access token. Reading is stricter than the JWT library: every claim has exactly one JSON type (no array for <c>aud</c>,
/// no text for <c>exp</c>), no claim is repeated, and the base64url text must be canonical.
/// </summary>
internal sealed record AccessTokenPayload
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        RespectNullableAnnotations = true,
        AllowDuplicateProperties = false,
    };

    public required string Iss { get; init; }

    public required string Aud { get; init; }

    public required Guid Sub { get; init; }

    public Guid? Org { get; init; }

    public Guid? Agency { get; init; }

    public Guid? Client { get; init; }

    public required string Role { get; init; }

    public required Guid Sid { get; init; }

    /// <summary>Seconds since 1970, as are <see cref="Nbf"/> and <see cref="Exp"/>.</summary>
    public required long Iat { get; init; }

    public required long Nbf { get; init; }

    public required long Exp { get; init; }

    /// <summary>The payload segment.</summary>
    public string Encode() => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(this, Json));

    /// <summary>
    /// Null if the segment differs from the output of <see cref="Encode"/>, or if claims are missing, repeated or malformed.
    /// </summary>
    public static AccessTokenPayload? Read(string segment)
    {
        try
        {
            var json = Base64Url.DecodeFromChars(segment);
            return Base64Url.EncodeToString(json) == segment ? JsonSerializer.Deserialize<AccessTokenPayload>(json, Json) : null;
        }
        catch (Exception e) when (e is FormatException or JsonException)
        {
            return null;
        }
    }
}

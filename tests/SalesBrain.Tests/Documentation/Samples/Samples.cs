using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Access;
using SalesBrain.Core.Values;
using SalesBrain.Functions.Http;
using SalesBrain.Functions.Http.Binding;
using SalesBrain.Functions.Http.Responses;

namespace SalesBrain.Tests.Documentation.Samples;

/// <summary>Takes and answers a value of every kind.</summary>
public sealed class CreateSample(RequestPipeline pipeline)
{
    [Function(nameof(CreateSample))]
    [Operation("Samples", "Makes a sample", Description = "Of every kind.", AcceptsForm = true)]
    [Requires(Capability.ReadPlatformHealth)]
    [Returns(201, typeof(Sample))]
    [Problems("already_exists", "conflict")]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/samples")] HttpRequest request) =>
        pipeline.RunAsync<CreateSample, SampleRequest>(
            request,
            (_, input) => Task.FromResult(
                ApiResults.Created("/api/samples/1", new Sample { Id = Guid.Empty, Text = input.Text, Kind = SampleKind.VeryGood })));
}

/// <summary>Takes its input from the query string, an id from the path, and knows what the caller has.</summary>
public sealed class ListSampleParts(RequestPipeline pipeline)
{
    [Function(nameof(ListSampleParts))]
    [Operation("Samples", "The parts of a sample")]
    [SignedIn]
    [Returns(200, typeof(IReadOnlyList<SamplePart>))]
    [Returns(304)]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/samples/{sampleId:guid}/parts")] HttpRequest request,
        Guid sampleId) =>
        await pipeline.RunAsync<ListSampleParts, SamplePartsQuery>(
            request, (_, _) => Task.FromResult(ApiResults.Ok(new[] { new SamplePart { Name = sampleId.ToString() } })));
}

public sealed record SampleRequest
{
    [StringLength(200, MinimumLength = 1)]
    public required string Text { get; init; }
    public string? Note { get; init; }

    [NotBlank]
    public string Name { get; init; } = "x";
    public SampleKind Kind { get; init; } = SampleKind.VeryGood;

    [Range(1, 10)]
    public int Count { get; init; } = 3;

    [AllowedValues("red", "green", null)]
    public string? Color { get; init; }

    [Length(1, 5)]
    public Guid[] PartIds { get; init; } = [];
    public Optional<DateTime?> At { get; init; }
    public JsonElement? Anything { get; init; }

    [JsonObject]
    public JsonElement? Details { get; init; }

    [Accepts(MinLength = 2, MaxLength = 9, Pattern = "^x", MaxItems = 7)]
    public string[] Codes { get; init; } = [];

    [AllowedValues("password")]
    public string Grant { get; init; } = "password";

    [RoleName]
    public string? Role { get; init; }
    public SamplePart? Part { get; init; }
}

public sealed record SamplePartsQuery : SampleList
{
    public SampleKind[] Kind { get; init; } = [];
    public required Guid OwnerId { get; init; }
    public DateTime? Since { get; init; }
}

public abstract record SampleList
{
    [Range(1, 500)]
    public int Limit { get; init; } = 100;
}

public sealed record Sample
{
    public required Guid Id { get; init; }
    public required string Text { get; init; }
    public string? Note { get; init; }
    public required SampleKind Kind { get; init; }
    public SampleKind? OtherKind { get; init; }
    public long Bytes { get; init; }

    [AllowedValues("on", "off")]
    public string State { get; init; } = "on";

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Hint { get; init; }

    [JsonIgnore]
    public string Secret { get; init; } = "";
    public IReadOnlyDictionary<string, int> Counts { get; init; } = new Dictionary<string, int>();
    public JsonElement Data { get; init; }
    public IReadOnlyList<SamplePart> Parts { get; init; } = [];

    /// <summary>Contains itself.</summary>
    public Sample? Parent { get; init; }
}

public sealed record SamplePart
{
    public required string Name { get; init; }
}

public enum SampleKind
{
    Plain,
    VeryGood,
}

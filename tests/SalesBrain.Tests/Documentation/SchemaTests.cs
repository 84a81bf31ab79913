using SalesBrain.LocalHost.Startup;
using SalesBrain.Tests.Documentation.Samples;

namespace SalesBrain.Tests.Documentation;

/// <summary>How inputs and answers are described; on samples, because the product's own change.</summary>
public sealed class SchemaTests
{
    private const string Post = "paths /api/samples post ";
    private const string Get = "paths /api/samples/{sample_id}/parts get ";
    private const string Schema = "components schemas ";

    [Fact]
    public async Task Input_schema_has_required_members_rules_and_defaults()
    {
        var input = (await DocumentedFunctions.DescribeAsync(typeof(CreateSample))).At(Schema + "SampleRequest");

        input.At("required").Is("""["text"]""");
        input.At("additionalProperties").Is("false");
        var members = input.At("properties");
        members.At("text").Is("""{"type": "string", "minLength": 1, "maxLength": 200}""");
        members.At("note").Is("""{"type": ["null", "string"], "maxLength": 4000}""");
        members.At("count").Is("""{"type": "integer", "format": "int32", "minimum": 1, "maximum": 10, "default": 3}""");
        members.At("color").Is("""{"oneOf": [{"type": "string", "enum": ["red", "green"]}, {"type": "null"}]}""");
        members.At("part_ids").Is("""{"type": "array", "items": {"type": "string", "format": "uuid"}, "minItems": 1, "maxItems": 5}""");
        members.At("at oneOf 0 format").Is("\"date-time\"");
        members.At("at oneOf 1 format").Is("\"date\"");
        members.At("at oneOf 2").Is("""{"type": "null"}""");
        members.At("details").Is("""{"type": ["null", "object"], "additionalProperties": {}, "description": "At most 32 KiB, nested at most 32 levels deep."}""");
        members.At("codes").Is(
            """{"type": "array", "items": {"type": "string", "minLength": 2, "maxLength": 9, "pattern": "^x"}, "maxItems": 7}""");
        members.At("grant").Is("""{"type": "string", "const": "password", "default": "password"}""");
        members.At("role oneOf 0 enum 0").Is("\"sb_admin\"");
        members.At("anything").Is("{}");
        members.At("name").Is("""{"type": "string", "minLength": 1, "maxLength": 4000, "pattern": "\\S", "default": "x"}""");
    }

    [Fact]
    public async Task Response_schema_has_required_and_nullable_members()
    {
        var description = await DocumentedFunctions.DescribeAsync(typeof(CreateSample));
        var answer = description.At(Schema + "Sample");

        answer.At("required").Is("""["id", "text", "note", "kind", "other_kind", "bytes", "state", "counts", "data", "parts", "parent"]""");
        var members = answer.At("properties");
        members.At("note").Is("""{"type": ["null", "string"]}""");
        members.At("hint").Is("""{"type": "string"}""");
        members.At("bytes").Is("""{"type": "integer", "format": "int64"}""");
        members.At("state").Is("""{"type": "string", "enum": ["on", "off"]}""");
        members.At("other_kind").Is("""{"oneOf": [{"$ref": "#/components/schemas/SampleKind"}, {"type": "null"}]}""");
        members.At("counts").Is("""{"type": "object", "additionalProperties": {"type": "integer", "format": "int32"}}""");
        members.At("parts").Is("""{"type": "array", "items": {"$ref": "#/components/schemas/SamplePart"}}""");
        members.At("parent").Is("""{"oneOf": [{"$ref": "#/components/schemas/Sample"}, {"type": "null"}]}""");
        Assert.False(members.TryGetProperty("secret", out _));
        description.At(Schema + "SampleKind enum").Is("""["plain", "very_good"]""");
        members.At("data").Is("""{"type": "object", "additionalProperties": {}}""");
        description.At(Post + "responses 201 content application/json schema").Is("""{"$ref": "#/components/schemas/EnvelopeOfSample"}""");
        description.At(Schema + "EnvelopeOfSample properties success").Is("""{"type": "boolean", "enum": [true]}""");
        description.At(Schema + "EnvelopeOfSample properties data").Is("""{"$ref": "#/components/schemas/Sample"}""");
    }

    [Fact]
    public async Task Type_in_requests_and_responses_has_two_schemas()
    {
        var schemas = (await DocumentedFunctions.DescribeAsync(typeof(CreateSample))).At("components schemas");

        Assert.False(schemas.At("SamplePart").TryGetProperty("additionalProperties", out _));
        schemas.At("SamplePartInput additionalProperties").Is("false");
    }

    [Fact]
    public async Task Operation_lists_callers_and_problems()
    {
        var operation = (await DocumentedFunctions.DescribeAsync(typeof(CreateSample))).At(Post.TrimEnd());

        operation.At("description").Is("""  "Of every kind.\n\n**Who may call:** sb_admin, sb_operator." """);
        operation.At("x-capability").Is("\"read_platform_health\"");
        operation.At("security").Is("""[{"access_token": []}]""");
        operation.At("requestBody required").Is("true");
        operation.At("requestBody content application/x-www-form-urlencoded schema")
            .Is("""{"$ref": "#/components/schemas/SampleRequest"}""");
        operation.At("responses 409").Is("""{"$ref": "#/components/responses/AlreadyExistsOrConflict"}""");
        operation.At("responses 422").Is("""{"$ref": "#/components/responses/Invalid"}""");
        Assert.True(operation.At("responses 201 headers").TryGetProperty("Location", out _));
    }

    [Fact]
    public async Task Query_and_path_values_are_parameters()
    {
        var parameters = (await DocumentedFunctions.DescribeAsync(typeof(ListSampleParts))).At(Get + "parameters").EnumerateArray()
            .ToDictionary(parameter => parameter.GetProperty("name").GetString()!);

        Assert.Equal(["sample_id", "kind", "owner_id", "since", "limit", "If-None-Match"], parameters.Keys);
        parameters["sample_id"].Is("""
            {"name": "sample_id", "in": "path", "required": true, "schema": {"type": "string", "format": "uuid"},
                "description": "The id of the sample. A malformed id returns 404 like an unknown one, possibly without a body."}
            """);
        parameters["limit"].At("schema").Is("""{"type": "integer", "format": "int32", "minimum": 1, "maximum": 500, "default": 100}""");
        parameters["since"].At("schema type").Is("\"string\"");
        parameters["since"].At("schema examples").Is("""["2026-01-31", "2026-01-31T09:30:00Z"]""");
        parameters["owner_id"].At("required").Is("true");
        parameters["kind"].At("schema")
            .Is("""{"type": "array", "items": {"$ref": "#/components/schemas/SampleKind"}, "minItems": 1, "maxItems": 500}""");
    }

    [Theory]
    [InlineData(typeof(WithoutCaller), "WithoutCaller cannot be documented: it does not declare who may call it.")]
    [InlineData(typeof(WithoutOperation), "WithoutOperation cannot be documented: it carries no [Operation].")]
    [InlineData(typeof(WithoutReturns), "WithoutReturns cannot be documented: it carries no [Returns].")]
    [InlineData(typeof(PastThePipeline), "PastThePipeline cannot be documented: it must call the request pipeline once, as itself.")]
    [InlineData(typeof(AsSomebodyElse), "AsSomebodyElse cannot be documented: it must call the request pipeline once, as itself.")]
    [InlineData(typeof(UnknownProblem), "UnknownProblem cannot be documented: it names the problem 'not_foudn', which is not in the catalogue.")]
    [InlineData(typeof(SeveralMethods), "SeveralMethods cannot be documented: it serves several HTTP methods; make it a function for each.")]
    public async Task Function_with_incomplete_attributes_is_refused_by_name(Type function, string message)
    {
        var refusal = await Assert.ThrowsAsync<StartupException>(() => DocumentedFunctions.DescribeAsync(function));

        Assert.Equal(message, refusal.Message);
    }
}

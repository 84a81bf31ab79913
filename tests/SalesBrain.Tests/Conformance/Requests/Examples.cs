using SalesBrain.Tests.Access;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Conformance.Requests;

/// <summary>A request for every function that succeeds; what it is about is made with it.</summary>
internal static class Examples
{
    /// <summary>The platform administrator may call every function, each time about things in a new organization.</summary>
    internal static async Task<Example> CreateAsync(TestApp app, string function, TestUser administrator)
    {
        if (OpenExamples.All.TryGetValue(function, out var open))
        {
            return await open(app);
        }
        var trial = await EndpointTrials.All[function](app, await PlaceAsync(app));
        var request = new ConformanceRequest(function, trial.Method, trial.Path).As(administrator.Role, app.TokenOf(administrator));
        if (trial.Raw is { } raw)
        {
            return new Example(request with { Body = raw.Bytes, ContentType = raw.ContentType }, trial.Names?.ToString());
        }
        return new Example(trial.Body is null ? request : request.WithBody(trial.Body), trial.Names?.ToString());
    }

    private static async Task<Place> PlaceAsync(TestApp app)
    {
        var organizationId = await app.CreateOrganizationAsync();
        var agencyId = await app.CreateAgencyAsync(organizationId);
        return new Place(organizationId, agencyId, await app.CreateClientAsync(organizationId, agencyId));
    }
}

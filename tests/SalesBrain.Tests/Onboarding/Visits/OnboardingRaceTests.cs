using System.Net;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Onboarding.Visits;

/// <summary>Administrators and the link's holder act at the same moment: in every order, the responses fit the link's state.</summary>
[Collection(OnboardingApp.Collection)]
public sealed class OnboardingRaceTests(OnboardingApp app)
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Revoking_using_and_extending_end_in_one_legal_state(bool expired)
    {
        for (var round = 0; round < 15; round++)
        {
            var link = await app.CreateOnboardingLinkAsync(days: 1);
            if (expired)
            {
                app.Time.Advance(TimeSpan.FromDays(2));
            }
            var before = await app.StateOfAsync(link);

            var revokes = Enumerable.Range(0, 3).Select(_ => app.RevokeAsync(link)).ToList();
            var completes = Enumerable.Range(0, 3).Select(_ => app.CompleteAsync(link)).ToList();
            var extends = Enumerable.Range(0, 3).Select(_ => app.ExtendAsync(link, 5)).ToList();
            var progress = Enumerable.Range(0, 3).Select(_ => app.AdvanceAsync(link, 3, 60)).ToList();
            await Task.WhenAll([.. revokes, .. completes, .. extends, .. progress]);

            int Succeeded(List<Task<HttpResponseMessage>> calls) => calls.Count(call => call.Result.StatusCode == HttpStatusCode.OK);
            var state = await app.StateOfAsync(link);
            // Exactly one of the two ends it, and the state says which.
            Assert.Equal(1, Succeeded(revokes) + Succeeded(completes));
            Assert.Equal(Succeeded(revokes) == 1 ? "revoked" : "used", state.Status);
            Assert.Equal(state.Status == "revoked", state.RevokedAt is not null);
            Assert.Equal(state.Status == "used", state.CompletedAt is not null);
            Assert.Equal(state.Status == "used" ? 100 : Succeeded(progress) > 0 ? 60 : 0, state.ProgressPercentage);
            var extended = Succeeded(extends);
            Assert.Equal(extended == 0 ? before.ExpiresAt : (expired ? app.Now : before.ExpiresAt).AddDays(5 * extended), state.ExpiresAt);
            Assert.All(
                revokes.Concat(extends), call => Assert.True(call.Result.StatusCode is HttpStatusCode.OK or HttpStatusCode.Conflict));
            Assert.All(
                completes.Concat(progress),
                call => Assert.True(call.Result.StatusCode is HttpStatusCode.OK or HttpStatusCode.Gone or HttpStatusCode.Forbidden));
        }
    }
}

using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

// One class for each rule of the Functions host that can be broken.
#pragma warning disable CA1052, CA1068, CA1822, MA0032, CA1801
namespace SalesBrain.Tests.Hosting.Samples;

public abstract class Broken
{
    protected const AuthorizationLevel Anybody = AuthorizationLevel.Anonymous;

    protected static Task<IResult> Ok() => Task.FromResult(Results.Ok());
}

public sealed class EmptyRoute : Broken
{
    [Function(nameof(EmptyRoute))]
    public Task<IResult> RunAsync([HttpTrigger(Anybody, "get", Route = "")] HttpRequest request) => Ok();
}

public sealed class NoRoute : Broken
{
    [Function(nameof(NoRoute))]
    public Task<IResult> RunAsync([HttpTrigger(Anybody, "get")] HttpRequest request) => Ok();
}

public sealed class LeadingSlash : Broken
{
    [Function(nameof(LeadingSlash))]
    public Task<IResult> RunAsync([HttpTrigger(Anybody, "get", Route = "/api/x")] HttpRequest request) => Ok();
}

public sealed class AdminRoute : Broken
{
    [Function(nameof(AdminRoute))]
    public Task<IResult> RunAsync([HttpTrigger(Anybody, "get", Route = "Administrators/x")] HttpRequest request) => Ok();
}

public sealed class RuntimeRoute : Broken
{
    [Function(nameof(RuntimeRoute))]
    public Task<IResult> RunAsync([HttpTrigger(Anybody, "get", Route = "runtime/x")] HttpRequest request) => Ok();
}

public sealed class NoPrefix : Broken
{
    [Function(nameof(NoPrefix))]
    public Task<IResult> RunAsync([HttpTrigger(Anybody, "get", Route = "leads")] HttpRequest request) => Ok();
}

public sealed class BadTemplate : Broken
{
    [Function(nameof(BadTemplate))]
    public Task<IResult> RunAsync([HttpTrigger(Anybody, "get", Route = "api/{x")] HttpRequest request) => Ok();
}

public sealed class UnknownConstraint : Broken
{
    [Function(nameof(UnknownConstraint))]
    public Task<IResult> RunAsync([HttpTrigger(Anybody, "get", Route = "api/broken/{x:uuid}")] HttpRequest request, string x) => Ok();
}

public sealed class UnconstrainedGuid : Broken
{
    [Function(nameof(UnconstrainedGuid))]
    public Task<IResult> RunAsync([HttpTrigger(Anybody, "get", Route = "api/broken/{id}")] HttpRequest request, Guid id) => Ok();
}

public sealed class TooWideConstraint : Broken
{
    [Function(nameof(TooWideConstraint))]
    public Task<IResult> RunAsync([HttpTrigger(Anybody, "get", Route = "api/broken/{n:long}")] HttpRequest request, int n) => Ok();
}

public sealed class UnknownType : Broken
{
    [Function(nameof(UnknownType))]
    public Task<IResult> RunAsync([HttpTrigger(Anybody, "get", Route = "api/broken/{at:datetime}")] HttpRequest request, DateTime at) =>
        Ok();
}

public sealed class OptionalIntoRequired : Broken
{
    [Function(nameof(OptionalIntoRequired))]
    public Task<IResult> RunAsync([HttpTrigger(Anybody, "get", Route = "api/broken/{name?}")] HttpRequest request, string name) => Ok();
}

public sealed class ParameterNotInRoute : Broken
{
    [Function(nameof(ParameterNotInRoute))]
    public Task<IResult> RunAsync([HttpTrigger(Anybody, "get", Route = "api/broken/{leadid:guid}")] HttpRequest request, Guid leadId) =>
        Ok();
}

public sealed class HiddenMethod : Broken
{
    [Function(nameof(HiddenMethod))]
    internal Task<IResult> RunAsync([HttpTrigger(Anybody, "get", Route = "api/x")] HttpRequest request) => Ok();
}

public sealed class StaticMethod : Broken
{
    [Function(nameof(StaticMethod))]
    public static Task<IResult> RunAsync([HttpTrigger(Anybody, "get", Route = "api/x")] HttpRequest request) => Ok();
}

public abstract class AbstractClass : Broken
{
    [Function(nameof(AbstractClass))]
    public Task<IResult> RunAsync([HttpTrigger(Anybody, "get", Route = "api/x")] HttpRequest request) => Ok();
}

public sealed class GenericClass<T> : Broken
{
    [Function("GenericClass")]
    public Task<IResult> RunAsync([HttpTrigger(Anybody, "get", Route = "api/x")] HttpRequest request) => Ok();
}

public static class Outer
{
    public sealed class NestedClass : Broken
    {
        [Function(nameof(NestedClass))]
        public Task<IResult> RunAsync([HttpTrigger(Anybody, "get", Route = "api/x")] HttpRequest request) => Ok();
    }
}

public sealed class BadName : Broken
{
    [Function("Bad.Name")]
    public Task<IResult> RunAsync([HttpTrigger(Anybody, "get", Route = "api/x")] HttpRequest request) => Ok();
}

public sealed class NoTrigger : Broken
{
    [Function(nameof(NoTrigger))]
    public Task<IResult> RunAsync(HttpRequest request) => Ok();
}

public sealed class TriggerNotFirst : Broken
{
    [Function(nameof(TriggerNotFirst))]
    public Task<IResult> RunAsync(string x, [HttpTrigger(Anybody, "get", Route = "api/broken/{x}")] HttpRequest request) => Ok();
}

public sealed class TokenParameter : Broken
{
    [Function(nameof(TokenParameter))]
    public Task<IResult> RunAsync(
        [HttpTrigger(Anybody, "get", Route = "api/x")] HttpRequest request, CancellationToken cancellationToken) =>
        Ok();
}

public sealed class PlainResult
{
    [Function(nameof(PlainResult))]
    public Task<string> RunAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/x")] HttpRequest request) =>
        Task.FromResult("an empty 200 on the Functions host");
}

public sealed class KeyNeeded : Broken
{
    [Function(nameof(KeyNeeded))]
    public Task<IResult> RunAsync([HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/x")] HttpRequest request) => Ok();
}

public sealed class UnwrittenLevel : Broken
{
    [Function(nameof(UnwrittenLevel))]
    public Task<IResult> RunAsync([HttpTrigger("get", "post", Route = "api/x")] HttpRequest request) => Ok();
}

public sealed class NoMethods : Broken
{
    [Function(nameof(NoMethods))]
    public Task<IResult> RunAsync([HttpTrigger(Anybody, Route = "api/x")] HttpRequest request) => Ok();
}

public sealed class MisspeltMethod : Broken
{
    [Function(nameof(MisspeltMethod))]
    public Task<IResult> RunAsync([HttpTrigger(Anybody, "gte", Route = "api/x")] HttpRequest request) => Ok();
}

public sealed class TimerWithResult : Broken
{
    [Function(nameof(TimerWithResult))]
    public Task<IResult> RunAsync([TimerTrigger("0 * * * * *")] TimerInfo timer, CancellationToken cancellationToken) => Ok();
}

public sealed class TimerWithoutCancellation
{
    [Function(nameof(TimerWithoutCancellation))]
    public Task RunAsync([TimerTrigger("0 * * * * *")] TimerInfo timer) => Task.CompletedTask;
}

public sealed class TimerAtStartup
{
    [Function(nameof(TimerAtStartup))]
    public Task RunAsync([TimerTrigger("0 * * * * *", RunOnStartup = true)] TimerInfo timer, CancellationToken cancellationToken) =>
        Task.CompletedTask;
}

public sealed class UnmonitoredTimer
{
    [Function(nameof(UnmonitoredTimer))]
    public Task RunAsync([TimerTrigger("0 * * * * *", UseMonitor = false)] TimerInfo timer, CancellationToken cancellationToken) =>
        Task.CompletedTask;
}

public sealed class SharedName : Broken
{
    [Function("Shared")]
    public Task<IResult> OneAsync([HttpTrigger(Anybody, "get", Route = "api/one")] HttpRequest request) => Ok();

    [Function("shared")]
    public Task<IResult> TwoAsync([HttpTrigger(Anybody, "get", Route = "api/two")] HttpRequest request) => Ok();
}

public sealed class SharedRoute : Broken
{
    [Function("First")]
    public Task<IResult> OneAsync([HttpTrigger(Anybody, "get", "post", Route = "api/items/{id:guid}")] HttpRequest request, Guid id) =>
        Ok();

    [Function("Second")]
    public Task<IResult> TwoAsync(
        [HttpTrigger(Anybody, "put", "POST", Route = "api/Items/{itemId:guid}")] HttpRequest request, Guid itemId) =>
        Ok();
}

public sealed class SwallowedRoute : Broken
{
    [Function("ZBulk")]
    public Task<IResult> OneAsync([HttpTrigger(Anybody, "get", Route = "api/leads/bulk")] HttpRequest request) => Ok();

    [Function("AnyLead")]
    public Task<IResult> TwoAsync([HttpTrigger(Anybody, "get", Route = "api/leads/{token}")] HttpRequest request, string token) => Ok();
}

public sealed class UnresolvableSchedule
{
    [Function(nameof(UnresolvableSchedule))]
    public Task RunAsync([TimerTrigger("%Schedules__UnresolvableSchedule%")] TimerInfo timer, CancellationToken cancellationToken) =>
        Task.CompletedTask;
}

public sealed class ColonSchedule
{
    [Function(nameof(ColonSchedule))]
    public Task RunAsync([TimerTrigger("%Schedules:ColonSchedule%")] TimerInfo timer, CancellationToken cancellationToken) =>
        Task.CompletedTask;
}

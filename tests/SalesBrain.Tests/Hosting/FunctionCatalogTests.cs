using Microsoft.Azure.Functions.Worker;
using SalesBrain.Functions.Http;
using SalesBrain.LocalHost.Hosting;
using SalesBrain.LocalHost.Startup;
using SalesBrain.Tests.Hosting.Samples;

namespace SalesBrain.Tests.Hosting;

public sealed class FunctionCatalogTests
{
    [Fact]
    public void Product_keeps_every_rule_of_the_Functions_host()
    {
        var catalog = FunctionCatalog.Load();

        var declared = typeof(RequestPipeline).Assembly.GetTypes()
            .SelectMany(type => type.GetMethods())
            .Count(method => method.IsDefined(typeof(FunctionAttribute), inherit: false));
        Assert.Equal(declared, catalog.Http.Count + catalog.Timers.Count);
    }

    [Fact]
    public void Sound_functions_are_listed_in_name_order_with_route_methods_and_schedule()
    {
        var catalog = FunctionCatalog.Load(typeof(SampleLeads), typeof(EveryHour), typeof(Broken));

        Assert.Equal(
            ["Echo", "Fail", "GetFile", "GetLead", "GetPage", "Hang", "ListBulk", "Scopes", "UpdateLead"],
            catalog.Http.Select(function => function.Name));
        var update = catalog.Http.Single(function => function.Name == "UpdateLead");
        Assert.Equal(typeof(SampleLeads), update.ClassType);
        Assert.Equal(nameof(SampleLeads.UpdateAsync), update.Method.Name);
        Assert.Equal("api/leads/{leadId:guid}", update.RouteTemplate);
        Assert.Equal(["PUT", "PATCH"], update.Methods);
        Assert.Equal(["leadId"], update.RouteValues.Select(parameter => parameter.Name));
        var timer = Assert.Single(catalog.Timers);
        Assert.Equal("EveryHour", timer.Name);
        Assert.Equal("%EveryHourSchedule%", timer.Schedule);
    }

    [Theory]
    [InlineData(typeof(EmptyRoute), "its route is empty")]
    [InlineData(typeof(NoRoute), "its route is empty")]
    [InlineData(typeof(LeadingSlash), "begins with '/'")]
    [InlineData(typeof(AdminRoute), "which the Functions host reserves")]
    [InlineData(typeof(RuntimeRoute), "which the Functions host reserves")]
    [InlineData(typeof(NoPrefix), "must begin with 'api/'")]
    [InlineData(typeof(BadTemplate), "not a route template")]
    [InlineData(typeof(UnknownConstraint), "unknown constraint 'uuid'")]
    [InlineData(typeof(UnconstrainedGuid), "must constrain it: {id:guid}")]
    [InlineData(typeof(TooWideConstraint), "must constrain it: {n:int}")]
    [InlineData(typeof(UnknownType), "route values are string, Guid, int or long")]
    [InlineData(typeof(OptionalIntoRequired), "must be nullable")]
    [InlineData(typeof(ParameterNotInRoute), "'leadId' is not in the route")]
    [InlineData(typeof(HiddenMethod), "silently skips it")]
    [InlineData(typeof(StaticMethod), "instance method")]
    [InlineData(typeof(AbstractClass), "one that can be created")]
    [InlineData(typeof(GenericClass<>), "one that can be created")]
    [InlineData(typeof(Outer.NestedClass), "nested")]
    [InlineData(typeof(BadName), "its name must begin with a letter")]
    [InlineData(typeof(NoTrigger), "[HttpTrigger] or [TimerTrigger]")]
    [InlineData(typeof(TriggerNotFirst), "its first parameter")]
    [InlineData(typeof(TokenParameter), "takes a CancellationToken, which a query parameter of that name would break")]
    [InlineData(typeof(PlainResult), "returns Task<IResult>")]
    [InlineData(typeof(KeyNeeded), "spell out AuthorizationLevel.Anonymous")]
    [InlineData(typeof(UnwrittenLevel), "spell out AuthorizationLevel.Anonymous")]
    [InlineData(typeof(NoMethods), "lists no HTTP method")]
    [InlineData(typeof(MisspeltMethod), "'gte' is not an HTTP method")]
    [InlineData(typeof(TimerWithResult), "returns Task")]
    [InlineData(typeof(TimerWithoutCancellation), "then a CancellationToken")]
    [InlineData(typeof(TimerAtStartup), "RunOnStartup off")]
    [InlineData(typeof(UnmonitoredTimer), "UseMonitor on")]
    [InlineData(typeof(UnresolvableSchedule), "setting Schedules__UnresolvableSchedule has '__' or ':' in its name")]
    [InlineData(typeof(ColonSchedule), "setting Schedules:ColonSchedule has '__' or ':' in its name")]
    public void Broken_rule_stops_the_start_and_names_the_function(Type broken, string problem)
    {
        var refusal = Assert.Throws<StartupException>(() => FunctionCatalog.Load(typeof(SampleLeads), broken));

        var name = broken == typeof(BadName) ? "Bad.Name" : broken.Name.Split('`')[0];
        Assert.StartsWith(name, refusal.Message, StringComparison.Ordinal);
        Assert.Contains(problem, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_that_differ_only_in_case_are_refused()
    {
        var refusal = Assert.Throws<StartupException>(() => FunctionCatalog.Load(typeof(SharedName)));

        Assert.Contains("SharedName.OneAsync and ", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("SharedName.TwoAsync share this name", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Same_route_and_a_common_method_name_both_functions_and_the_method()
    {
        var refusal = Assert.Throws<StartupException>(() => FunctionCatalog.Load(typeof(SharedRoute)));

        Assert.StartsWith(
            "First ('api/items/{id:guid}') and Second ('api/Items/{itemId:guid}') both match POST api/items/", refusal.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Route_that_could_swallow_another_is_refused_whatever_the_name_order()
    {
        var refusal = Assert.Throws<StartupException>(() => FunctionCatalog.Load(typeof(SwallowedRoute)));

        Assert.StartsWith(
            "AnyLead ('api/leads/{token}') and ZBulk ('api/leads/bulk') both match GET api/leads/bulk;", refusal.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void All_problems_are_reported_at_once()
    {
        var refusal = Assert.Throws<StartupException>(() =>
            FunctionCatalog.Load(typeof(HiddenMethod), typeof(SwallowedRoute), typeof(UnconstrainedGuid), typeof(Outer.NestedClass)));

        Assert.Matches(
            @"^4 rules of the Functions host are broken\. \(1\) HiddenMethod .+ \(2\) NestedClass .+ \(3\) UnconstrainedGuid: .+ \(4\) AnyLead ",
            refusal.Message);
    }
}

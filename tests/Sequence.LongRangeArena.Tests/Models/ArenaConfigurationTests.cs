namespace Sequence.LongRangeArena.Tests.Models;

[TestClass]
public sealed class ArenaConfigurationTests
{
    [TestMethod]
    [DataRow("listops", 815_186)]
    [DataRow("text", 843_594)]
    [DataRow("retrieval", 1_096_522)]
    [DataRow("image", 3_564_682)]
    [DataRow("pathfinder", 1_288_706)]
    [DataRow("path-x", 1_288_706)]
    public void Create_OfThePaperPresetOfS4_HasTheParametersOfTheReference(string name, int parameters)
    {
        var task = ArenaTasks.Get(name);
        var configuration = ArenaConfiguration.Create(task, ArenaModel.Get("s4"), ArenaPreset.Paper);
        var model = ArenaRun.CreateModel(task, configuration, task.Vocabulary);
        Assert.AreEqual(
            parameters, model.Weights.Where(weight => weight.IsTrained).Sum(weight => weight.Count));
    }

    [TestMethod]
    public void Create_OfEveryModelTaskAndPreset_IsValid()
    {
        foreach (var task in ArenaTasks.All)
        {
            foreach (var model in ArenaModel.All)
            {
                foreach (var preset in Enum.GetValues<ArenaPreset>())
                {
                    var options = new ArenaRunOptions { Task = task, Model = model, Preset = preset };
                    var configuration = ArenaRun.Configuration(options);
                    Assert.AreEqual(
                        task.Classes, ArenaRun.CreateModel(task, configuration, task.Vocabulary).Outputs, $"{task.Name} {model.Name}");
                }
            }
        }
    }
}
